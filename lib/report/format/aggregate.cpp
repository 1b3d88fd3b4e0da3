#include "report/format/aggregate.hpp"

#include "mail/ascii.hpp"

#include <charconv>
#include <system_error>
#include <utility>

namespace sekisho::report::format {

namespace {

template <typename T>
struct Word {
  std::string_view text;
  T value;
};

template <typename T, std::size_t Count>
std::optional<T> find_word(const Word<T> (&words)[Count], std::string_view text) {
  for (const Word<T>& word : words) {
    if (mail::equals_ignoring_case(word.text, text)) {
      return word.value;
    }
  }
  return std::nullopt;
}

template <typename T, std::size_t Count>
std::string_view word_for(const Word<T> (&words)[Count], T value) {
  for (const Word<T>& word : words) {
    if (word.value == value) {
      return word.text;
    }
  }
  std::unreachable();
}

constexpr Word<ActionDisposition> dispositions[] = {
    {"none", ActionDisposition::none},
    {"pass", ActionDisposition::pass},
    {"quarantine", ActionDisposition::quarantine},
    {"reject", ActionDisposition::reject},
};

constexpr Word<OverrideType> override_types[] = {
    {"local_policy", OverrideType::local_policy},
    {"mailing_list", OverrideType::mailing_list},
    {"other", OverrideType::other},
    {"policy_test_mode", OverrideType::policy_test_mode},
    {"trusted_forwarder", OverrideType::trusted_forwarder},
    {"forwarded", OverrideType::forwarded},
    {"sampled_out", OverrideType::sampled_out},
};

// The first word of a value is the one that is written.
constexpr Word<AuthResult> auth_results[] = {
    {"none", AuthResult::none},           {"pass", AuthResult::pass},
    {"fail", AuthResult::fail},           {"softfail", AuthResult::softfail},
    {"policy", AuthResult::policy},       {"neutral", AuthResult::neutral},
    {"temperror", AuthResult::temperror}, {"permerror", AuthResult::permerror},
    {"hardfail", AuthResult::fail},       {"unknown", AuthResult::temperror},
    {"error", AuthResult::permerror},
};

constexpr Word<SpfScope> scopes[] = {
    {"mfrom", SpfScope::mfrom},
    {"helo", SpfScope::helo},
};

constexpr Word<dmarc::DiscoveryMethod> discovery_methods[] = {
    {"psl", dmarc::DiscoveryMethod::psl},
    {"treewalk", dmarc::DiscoveryMethod::treewalk},
};

constexpr Word<dmarc::AlignmentMode> alignment_modes[] = {
    {"r", dmarc::AlignmentMode::relaxed},
    {"s", dmarc::AlignmentMode::strict},
};

constexpr Word<dmarc::Policy> policies[] = {
    {"none", dmarc::Policy::none},
    {"quarantine", dmarc::Policy::quarantine},
    {"reject", dmarc::Policy::reject},
};

}  // namespace

ActionDisposition disposition_of(bool passes, dmarc::Policy published, dmarc::Policy enforced) {
  if (passes) {
    return published == dmarc::Policy::none ? ActionDisposition::none : ActionDisposition::pass;
  }
  switch (enforced) {
    case dmarc::Policy::none:
      return ActionDisposition::none;
    case dmarc::Policy::quarantine:
      return ActionDisposition::quarantine;
    case dmarc::Policy::reject:
      return ActionDisposition::reject;
  }
  std::unreachable();
}

std::string_view format_disposition(ActionDisposition disposition) {
  return word_for(dispositions, disposition);
}
std::string_view format_auth_result(AuthResult result) {
  return word_for(auth_results, result);
}
std::string_view format_scope(SpfScope scope) {
  return word_for(scopes, scope);
}
std::string_view format_discovery_method(dmarc::DiscoveryMethod method) {
  return word_for(discovery_methods, method);
}
std::string_view format_alignment_mode(dmarc::AlignmentMode mode) {
  return word_for(alignment_modes, mode);
}

std::optional<ActionDisposition> parse_disposition(std::string_view text) {
  return find_word(dispositions, text);
}
std::optional<OverrideType> parse_override_type(std::string_view text) {
  return find_word(override_types, text);
}
std::optional<AuthResult> parse_auth_result(std::string_view text) {
  return find_word(auth_results, text);
}
std::optional<SpfScope> parse_scope(std::string_view text) {
  return find_word(scopes, text);
}
std::optional<dmarc::DiscoveryMethod> parse_discovery_method(std::string_view text) {
  return find_word(discovery_methods, text);
}
std::optional<dmarc::AlignmentMode> parse_alignment_mode(std::string_view text) {
  return find_word(alignment_modes, text);
}
std::optional<dmarc::Policy> parse_policy(std::string_view text) {
  return find_word(policies, text);
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point != text.npos && text.find_first_not_of('0', point + 1) == text.npos) {
    text = text.substr(0, point);
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > max_record_count) {
    return std::nullopt;
  }
  return value;
}

}  // namespace sekisho::report::format
