#include "authres/assessment.hpp"

#include "authres/authentication_results.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace sekisho::authres {

namespace {

struct Source {
  std::string_view method;
  std::string_view type;
  std::string_view name;
};

// Where a method has its domain; of several the first that is there (RFC 8601 §2.7, RFC 9989 §9.1).
constexpr Source sources[] = {
    {"dmarc", "header", "from"},
    {"spf", "smtp", "mailfrom"},
    {"dkim", "header", "d"},
    {"dkim", "header", "i"},
};

std::string_view value_of(const MethodResult& result, std::string_view type,
                          std::string_view name) {
  const auto found = std::ranges::find_if(result.properties, [&](const Property& property) {
    return property.type == type && property.name == name;
  });
  return found == result.properties.end() ? std::string_view{} : found->value;
}

// Of a mailbox, or alone.
std::optional<mail::Domain> domain_in(std::string_view value) {
  return mail::Domain::parse(value.substr(value.rfind('@') + 1));  // npos + 1 is 0
}

std::optional<findings::Assertion> read_assertion(const MethodResult& result) {
  bool is_known = false;
  for (const Source& source : sources) {
    if (result.method != source.method) {
      continue;
    }
    is_known = true;
    if (const auto value = value_of(result, source.type, source.name); !value.empty()) {
      auto domain = domain_in(value);
      // About whom nobody can say: that is no evidence for anybody.
      return domain ? std::optional(findings::Assertion{result.method, result.result, domain})
                    : std::nullopt;
    }
  }
  return is_known ? std::optional(findings::Assertion{result.method, result.result, std::nullopt})
                  : std::nullopt;
}

}  // namespace

findings::Assessment read_assessment(std::string_view authres_payload) {
  findings::Assessment assessment;
  const auto field = parse(authres_payload);
  if (!field) {
    return assessment;
  }
  for (const MethodResult& result : field->results) {
    if (auto assertion = read_assertion(result)) {
      assessment.assertions.push_back(*std::move(assertion));
    }
    if (result.method == "arc") {
      assessment.client = dns::IpAddress::parse(value_of(result, "smtp", "remote-ip"));
    }
  }
  return assessment;
}

}  // namespace sekisho::authres
