#include "authres/authentication_results.hpp"
#include "authres/scanner.hpp"
#include "mail/ascii.hpp"
#include "mail/utf8.hpp"

#include <optional>
#include <utility>

namespace sekisho::authres {

namespace {

std::optional<std::string> to_optional(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

// value = token / quoted-string
std::optional<std::string> read_value(Scanner& in) {
  return in.peek() == '"' ? in.quoted_string() : to_optional(in.token());
}

// [CFWS] "="
bool read_equals(Scanner& in) {
  return in.skip_cfws() && in.accept('=');
}

// pvalue = [CFWS] ( value / [ [ local-part ] "@" ] domain-name ) [CFWS]
std::optional<std::string> read_property_value(Scanner& in) {
  if (!in.skip_cfws()) {
    return std::nullopt;
  }
  if (in.peek() != '"') {
    return to_optional(in.unquoted());
  }
  std::optional<std::string> content = in.quoted_string();
  if (content && in.peek() == '@') {
    return quote(*content) + std::string(in.unquoted());
  }
  return content;
}

// [ CFWS reasonspec ] [ CFWS 1*propspec ]
//   reasonspec = "reason" [CFWS] "=" [CFWS] value
//   propspec = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue
bool read_reason_and_properties(Scanner& in, MethodResult& result) {
  while (true) {
    if (!in.skip_cfws()) {
      return false;
    }
    if (in.at_end() || in.peek() == ';') {
      return true;
    }
    const std::string word = mail::to_lower(in.keyword());
    if (word.empty() || !in.skip_cfws()) {
      return false;
    }
    std::optional<std::string> value;
    if (in.accept('.')) {
      const bool blank_ended = in.skip_cfws();
      const std::string name = mail::to_lower(in.keyword());
      if (!blank_ended || name.empty() || !read_equals(in)) {
        return false;
      }
      value = read_property_value(in);
      result.properties.push_back({word, name, value.value_or("")});
    } else if (word == "reason" && result.reason.empty() && result.properties.empty()) {
      value = read_equals(in) && in.skip_cfws() ? read_value(in) : std::nullopt;
      result.reason = value.value_or("");
    } else if (word != "reason" && in.accept('=')) {
      value = read_property_value(in);  // has no place in the grammar, and says nothing
    }
    if (!value) {
      return false;
    }
  }
}

// method = Keyword [ [CFWS] "/" [CFWS] method-version ]; version 1 is assumed where none is.
// Nullopt: not the grammar. The flag: whether the version is 1.
std::optional<bool> read_method_version(Scanner& in) {
  if (!in.skip_cfws()) {
    return std::nullopt;
  }
  if (!in.accept('/')) {
    return true;
  }
  if (!in.skip_cfws()) {
    return std::nullopt;
  }
  const std::string_view version = in.digits();
  return version.empty() ? std::nullopt : std::optional(version == "1");
}

enum class Step : std::uint8_t { result, none, error };

// What follows the ";": a resinfo, or the "none" of no-result.
Step read_result(Scanner& in, AuthenticationResults& field) {
  MethodResult result;
  if (!in.skip_cfws()) {
    return Step::error;
  }
  result.method = mail::to_lower(in.keyword());
  const std::optional<bool> is_version_1 = read_method_version(in);
  if (result.method.empty() || !is_version_1) {
    return Step::error;
  }
  if (in.at_end() && result.method == "none" && field.results.empty()) {
    return Step::none;
  }
  if (!read_equals(in) || !in.skip_cfws()) {
    return Step::error;
  }
  result.result = mail::to_lower(in.keyword());
  if (result.result.empty() || !read_reason_and_properties(in, result)) {
    return Step::error;
  }
  if (*is_version_1) {  // else to be ignored, RFC 8601 §2.6
    field.results.push_back(std::move(result));
  }
  return Step::result;
}

// [CFWS] authserv-id [ CFWS authres-version ] [CFWS]
std::expected<std::string, ParseError> read_authserv_id(Scanner& in) {
  const auto syntax = std::unexpected(ParseError::syntax);
  if (!in.skip_cfws()) {
    return syntax;
  }
  if (in.at_end() || in.peek() == ';') {
    return std::unexpected(ParseError::no_authserv_id);
  }
  const std::optional<std::string> id = read_value(in);
  const std::size_t id_end = in.position();
  if (!id || !in.skip_cfws()) {
    return syntax;
  }
  if (in.peek() == '=') {
    return std::unexpected(ParseError::no_authserv_id);
  }
  const bool blank_before = in.position() > id_end;
  const std::string_view version = in.digits();
  if (version.empty()) {
    return *id;
  }
  if (!blank_before || !in.skip_cfws()) {
    return syntax;
  }
  return version == "1" ? std::expected<std::string, ParseError>(*id)
                        : std::unexpected(ParseError::unsupported_version);
}

}  // namespace

std::expected<AuthenticationResults, ParseError> parse(std::string_view value) {
  if (value.size() > max_parsed_octets) {
    return std::unexpected(ParseError::too_large);
  }
  if (!mail::is_valid_utf8(value)) {
    return std::unexpected(ParseError::syntax);
  }
  Scanner in(value);
  std::expected<std::string, ParseError> id = read_authserv_id(in);
  if (!id) {
    return std::unexpected(id.error());
  }
  AuthenticationResults field{*std::move(id), {}};
  do {
    const Step step = in.accept(';') ? read_result(in, field) : Step::error;
    if (step == Step::error) {
      return std::unexpected(ParseError::syntax);
    }
    if (step == Step::none) {
      return field;
    }
  } while (!in.at_end());
  return field;
}

}  // namespace sekisho::authres
