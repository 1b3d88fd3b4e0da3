#include "findings/findings.hpp"

#include <utility>

namespace sekisho::findings {

std::string_view format_origin(Origin origin) {
  switch (origin) {
    case Origin::outside:
      return "outside";
    case Origin::authenticated:
      return "authenticated";
    case Origin::daemon:
      return "daemon";
    case Origin::internal:
      return "internal";
  }
  std::unreachable();
}

}  // namespace sekisho::findings
