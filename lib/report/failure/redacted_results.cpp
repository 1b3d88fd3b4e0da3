// Authentication-Results, ARC-Authentication-Results and Received-SPF.
#include "authres/scanner.hpp"
#include "dns/ip_address.hpp"
#include "mail/ascii.hpp"
#include "report/failure/redacted_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace sekisho::report::failure {

namespace {

enum class ValueKind : std::uint8_t {
  domain,    // a domain name, or an address
  address,   // of a host
  word,      // of a registry, or made by a machine
  identity,  // which one SPF checked
  person,    // a login or a recipient, with or without a domain
};

struct KnownValue {
  std::string_view name;
  ValueKind kind = ValueKind::person;
};

// RFC 8601 §2.7, RFC 6008 §4, RFC 8616 §5, RFC 8617 §10, RFC 9989 §9.1; what is not listed may name
// a person.
constexpr std::array<KnownValue, 21> properties{{
    {"header.a", ValueKind::word},           {"header.author", ValueKind::domain},
    {"header.b", ValueKind::word},           {"header.d", ValueKind::domain},
    {"header.from", ValueKind::domain},      {"header.i", ValueKind::domain},
    {"header.oldest-pass", ValueKind::word}, {"header.s", ValueKind::word},
    {"header.sender", ValueKind::domain},    {"policy.dmarc", ValueKind::word},
    {"policy.iprev", ValueKind::address},    {"polrec.domain", ValueKind::domain},
    {"polrec.np", ValueKind::word},          {"polrec.p", ValueKind::word},
    {"polrec.sp", ValueKind::word},          {"smtp.auth", ValueKind::person},
    {"smtp.client-ip", ValueKind::address},  {"smtp.helo", ValueKind::domain},
    {"smtp.mail", ValueKind::domain},        {"smtp.mailfrom", ValueKind::domain},
    {"smtp.remote-ip", ValueKind::address},
}};

// RFC 7208 §9.1.
constexpr std::array<KnownValue, 5> spf_keys{{
    {"client-ip", ValueKind::address},
    {"envelope-from", ValueKind::domain},
    {"helo", ValueKind::domain},
    {"identity", ValueKind::identity},
    {"receiver", ValueKind::domain},
}};

constexpr std::array<std::string_view, 7> spf_results{"pass", "fail",      "softfail", "neutral",
                                                      "none", "temperror", "permerror"};

// Registered words, selectors, numbers and base64: nothing that holds an address.
bool is_plain_word(std::string_view text) {
  constexpr std::size_t longest = 128;
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
    return mail::is_alphanumeric(c) || std::string_view("._-+/=").contains(c);
  });
}

template <std::size_t count>
std::string redacted_value(const std::array<KnownValue, count>& known, std::string_view name,
                           std::string_view value, const Redactor& redactor) {
  const auto* const found = std::ranges::find(known, name, &KnownValue::name);
  const ValueKind kind = found == known.end() ? ValueKind::person : found->kind;
  switch (kind) {
    case ValueKind::domain:
      return value.contains('@') ? redactor.mailbox(value) : redactor.domain(value);
    case ValueKind::address:
      return dns::IpAddress::parse(value) ? std::string(value) : redactor.pseudonym(value);
    case ValueKind::word:
      return is_plain_word(value) ? std::string(value) : redactor.pseudonym(value);
    case ValueKind::identity:
      return value == "mailfrom" || value == "helo" || value == "pra" ? std::string(value)
                                                                      : redactor.pseudonym(value);
    case ValueKind::person:
      return name == "smtp.auth" ? redactor.mailbox(value) : redactor.pseudonym(value);
  }
  std::unreachable();
}

// [CFWS] "i" [CFWS] "=" [CFWS] 1*2DIGIT [CFWS] ";", RFC 8617 §4.2.1; the digits.
std::optional<std::string_view> take_instance(authres::Scanner& in) {
  if (!in.skip_cfws() || in.keyword() != "i" || !in.skip_cfws() || !in.accept('=') ||
      !in.skip_cfws()) {
    return std::nullopt;
  }
  const std::string_view digits = in.digits();
  const bool ends = in.skip_cfws() && in.accept(';');
  return ends && !digits.empty() && digits.size() <= 2 ? std::optional(digits) : std::nullopt;
}

// key [CFWS] "=" ( dot-atom / quoted-string ); the value of a quoted string without its quotes.
std::optional<std::pair<std::string, std::string>> take_pair(authres::Scanner& in) {
  std::string key = mail::to_lower(in.keyword());
  if (key.empty() || !in.skip_cfws() || !in.accept('=') || !in.skip_cfws()) {
    return std::nullopt;
  }
  if (in.peek() != '"') {
    return std::pair(std::move(key), std::string(in.unquoted()));
  }
  auto value = in.quoted_string();
  return value ? std::optional(std::pair(std::move(key), *std::move(value))) : std::nullopt;
}

}  // namespace

authres::AuthenticationResults redacted_results(authres::AuthenticationResults field,
                                                const Redactor& redactor) {
  for (authres::MethodResult& result : field.results) {
    result.comment.clear();
    if (result.reason.contains('@')) {
      result.reason.clear();
    }
    for (authres::Property& property : result.properties) {
      property.value =
          redacted_value(properties, property.type + "." + property.name, property.value, redactor);
    }
  }
  return field;
}

std::optional<std::string> redacted_authentication_results(std::string_view value,
                                                           const Redactor& redactor) {
  auto field = authres::parse(value);
  if (!field) {
    return std::nullopt;
  }
  for (authres::MethodResult& result : field->results) {
    result.reason.clear();  // a stranger's words
  }
  field->authserv_id = redactor.domain(field->authserv_id);
  std::string text = mail::unfold(authres::format(redacted_results(*std::move(field), redactor)));
  std::ranges::replace(text, '\t', ' ');
  return text;
}

std::optional<std::string> redacted_arc_results(std::string_view value, const Redactor& redactor) {
  authres::Scanner in(value);
  const auto instance = take_instance(in);
  if (!instance) {
    return std::nullopt;
  }
  const auto results = redacted_authentication_results(value.substr(in.position()), redactor);
  return results ? std::optional(" i=" + std::string(*instance) + ";" + *results) : std::nullopt;
}

std::optional<std::string> redacted_received_spf(std::string_view value, const Redactor& redactor) {
  authres::Scanner in(value);
  if (!in.skip_cfws()) {
    return std::nullopt;
  }
  const std::string result = mail::to_lower(in.keyword());
  if (std::ranges::find(spf_results, result) == spf_results.end() || !in.skip_cfws()) {
    return std::nullopt;
  }
  std::string text = " " + result;
  while (!in.at_end()) {
    const auto pair = take_pair(in);
    if (!pair || !in.skip_cfws()) {
      return std::nullopt;
    }
    const auto& [key, told] = *pair;
    text += " " + key + "=" + redacted_value(spf_keys, key, told, redactor) + ";";
    const bool goes_on = in.accept(';');
    if (!in.skip_cfws() || (!goes_on && !in.at_end())) {
      return std::nullopt;
    }
  }
  return text;
}

}  // namespace sekisho::report::failure
