#include "policy/disposition.hpp"

#include <utility>

namespace sekisho::policy {

std::string_view format_action(Action action) {
  switch (action) {
    case Action::accept:
      return "accept";
    case Action::reject:
      return "reject";
    case Action::tempfail:
      return "tempfail";
    case Action::quarantine:
      return "quarantine";
    case Action::discard:
      return "discard";
  }
  std::unreachable();
}

}  // namespace sekisho::policy
