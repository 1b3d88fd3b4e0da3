#include "arc/result.hpp"

#include <utility>

namespace sekisho::arc {

std::string_view format_chain_status(ChainStatus status) {
  switch (status) {
    case ChainStatus::none:
      return "none";
    case ChainStatus::pass:
      return "pass";
    case ChainStatus::fail:
      return "fail";
  }
  std::unreachable();
}

}  // namespace sekisho::arc
