#include "dkim/result.hpp"

#include <utility>

namespace sekisho::dkim {

std::string_view format_result_code(ResultCode code) {
  switch (code) {
    case ResultCode::pass:
      return "pass";
    case ResultCode::fail:
      return "fail";
    case ResultCode::policy:
      return "policy";
    case ResultCode::neutral:
      return "neutral";
    case ResultCode::temperror:
      return "temperror";
    case ResultCode::permerror:
      return "permerror";
  }
  std::unreachable();
}

}  // namespace sekisho::dkim
