#include "mta_sts/policy.hpp"

#include "dns/ip_address.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace sekisho::mta_sts {

namespace {

struct Fields {
  std::optional<std::string_view> version;
  std::optional<std::string_view> mode;
  std::optional<std::string_view> max_age;
};

std::optional<Mode> parse_mode(std::string_view word) {
  for (const Mode mode : {Mode::none, Mode::testing, Mode::enforce}) {
    if (word == format_mode(mode)) {
      return mode;
    }
  }
  return std::nullopt;
}

// sts-policy-max-age-value = 1*10(DIGIT)
std::optional<std::uint64_t> parse_max_age(std::string_view digits) {
  constexpr std::size_t max_digits = 10;
  std::uint64_t seconds = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, seconds);
  return error == std::errc{} && stop == end && digits.size() <= max_digits ? std::optional(seconds)
                                                                            : std::nullopt;
}

// sts-policy-mx-value = [ "*." ] sts-policy-domain; internationalized names as A-labels.
std::optional<std::string> parse_pattern(std::string_view value) {
  const std::string_view name = value.starts_with("*.") ? value.substr(2) : value;
  const auto domain = mail::Domain::parse(name);
  const bool is_plain = domain && !name.ends_with('.') &&
                        std::ranges::none_of(name, mail::is_eight_bit) &&
                        !dns::IpAddress::parse(name);
  return is_plain ? std::optional(mail::to_lower(value)) : std::nullopt;
}

class Reader {
 public:
  std::expected<Policy, Fault> read(std::string_view text) {
    if (text.size() > max_policy_octets) {
      return std::unexpected(Fault::too_long);
    }
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) {
        line.remove_suffix(1);
      }
      if (const auto fault = read_line(line)) {
        return std::unexpected(*fault);
      }
    }
    return complete();
  }

 private:
  std::optional<Fault> read_line(std::string_view line) {
    line = mail::trimmed(line);
    if (line.empty()) {
      return std::nullopt;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      return Fault::malformed_line;
    }
    const std::string_view name = mail::trimmed(line.substr(0, colon));
    const std::string_view value = mail::trimmed(line.substr(colon + 1));
    if (name == "mx") {
      return add_pattern(value);
    }
    const std::pair<std::string_view, std::optional<std::string_view>*> singles[] = {
        {"version", &fields_.version}, {"mode", &fields_.mode}, {"max_age", &fields_.max_age}};
    for (const auto& [known, field] : singles) {
      if (name == known) {
        return set(*field, value);
      }
    }
    return std::nullopt;
  }

  static std::optional<Fault> set(std::optional<std::string_view>& field, std::string_view value) {
    if (field) {
      return Fault::duplicate_field;
    }
    field = value;
    return std::nullopt;
  }

  std::optional<Fault> add_pattern(std::string_view value) {
    auto pattern = parse_pattern(value);
    if (!pattern) {
      return Fault::invalid_mx;
    }
    if (policy_.patterns.size() == max_patterns) {
      return Fault::too_long;
    }
    policy_.patterns.push_back(*std::move(pattern));
    return std::nullopt;
  }

  std::expected<Policy, Fault> complete() {
    if (fields_.version != "STSv1") {
      return std::unexpected(Fault::no_version);
    }
    const auto mode = parse_mode(fields_.mode.value_or(""));
    if (!mode) {
      return std::unexpected(Fault::no_mode);
    }
    const auto max_age = parse_max_age(fields_.max_age.value_or(""));
    if (!max_age) {
      return std::unexpected(Fault::no_max_age);
    }
    if (*max_age > greatest_max_age) {
      return std::unexpected(Fault::max_age_too_long);
    }
    if (policy_.patterns.empty() && mode != Mode::none) {
      return std::unexpected(Fault::no_mx);
    }
    policy_.mode = *mode;
    policy_.max_age = *max_age;
    return std::move(policy_);
  }

  Fields fields_;
  Policy policy_;
};

bool matches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) {
    return mail::equals_ignoring_case(pattern, host);
  }
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && dot > 0 &&
         mail::equals_ignoring_case(pattern.substr(2), host.substr(dot + 1));
}

}  // namespace

std::string_view format_mode(Mode mode) {
  switch (mode) {
    case Mode::none:
      return "none";
    case Mode::testing:
      return "testing";
    case Mode::enforce:
      return "enforce";
  }
  std::unreachable();
}

std::string_view format_fault(Fault fault) {
  switch (fault) {
    case Fault::too_long:
      return "longer than 64 KB";
    case Fault::malformed_line:
      return "a line that is not name: value";
    case Fault::no_version:
      return "version: STSv1 is missing";
    case Fault::no_mode:
      return "mode: is missing, or not none, testing or enforce";
    case Fault::no_max_age:
      return "max_age: is missing, or no number";
    case Fault::max_age_too_long:
      return "max_age: is over 31557600";
    case Fault::duplicate_field:
      return "version, mode or max_age occurs twice";
    case Fault::no_mx:
      return "there is no mx:";
    case Fault::invalid_mx:
      return "an mx: is no host name in A-labels";
  }
  std::unreachable();
}

std::expected<Policy, Fault> parse_policy(std::string_view text) {
  return Reader().read(text);
}

bool allows(const Policy& policy, std::string_view host) {
  if (host.ends_with('.')) {
    host.remove_suffix(1);
  }
  return std::ranges::any_of(policy.patterns,
                             [host](const std::string& pattern) { return matches(pattern, host); });
}

}  // namespace sekisho::mta_sts
