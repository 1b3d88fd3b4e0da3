#include "dmarc/override_type.hpp"

#include <utility>

namespace sekisho::dmarc {

std::string_view format_override_type(OverrideType type) {
  switch (type) {
    case OverrideType::local_policy:
      return "local_policy";
    case OverrideType::mailing_list:
      return "mailing_list";
    case OverrideType::other:
      return "other";
    case OverrideType::policy_test_mode:
      return "policy_test_mode";
    case OverrideType::trusted_forwarder:
      return "trusted_forwarder";
    case OverrideType::forwarded:
      return "forwarded";
    case OverrideType::sampled_out:
      return "sampled_out";
  }
  std::unreachable();
}

}  // namespace sekisho::dmarc
