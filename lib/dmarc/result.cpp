#include "dmarc/result.hpp"

#include <utility>

namespace sekisho::dmarc {

std::string_view format_result_code(ResultCode code) {
  switch (code) {
    case ResultCode::none:
      return "none";
    case ResultCode::pass:
      return "pass";
    case ResultCode::fail:
      return "fail";
    case ResultCode::temperror:
      return "temperror";
    case ResultCode::permerror:
      return "permerror";
  }
  std::unreachable();
}

}  // namespace sekisho::dmarc
