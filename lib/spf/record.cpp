#include "spf/record.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace sekisho::spf {

namespace {

constexpr std::string_view version = "v=spf1";
constexpr std::string_view digits = "0123456789";
constexpr std::size_t max_printed_octets = 100;

using Failure = std::unexpected<RecordError>;

std::unexpected<RecordError> failure(RecordErrorCode code, std::string_view term) {
  return Failure({code, MacroError::bad_character, term});
}

std::unexpected<RecordError> failure(MacroError error, std::string_view term) {
  return Failure({RecordErrorCode::bad_macro, error, term});
}

struct MechanismName {
  std::string_view name;
  Mechanism mechanism;
};
constexpr std::array<MechanismName, 8> mechanism_names{{
    {"all", Mechanism::all},
    {"include", Mechanism::include},
    {"a", Mechanism::a},
    {"mx", Mechanism::mx},
    {"ptr", Mechanism::ptr},
    {"ip4", Mechanism::ip4},
    {"ip6", Mechanism::ip6},
    {"exists", Mechanism::exists},
}};

std::optional<Mechanism> mechanism_of(std::string_view name) {
  const auto* const found = std::ranges::find_if(mechanism_names, [name](const auto& entry) {
    return mail::equals_ignoring_case(entry.name, name);
  });
  return found == mechanism_names.end() ? std::nullopt : std::optional(found->mechanism);
}

// qualifier = "+" / "-" / "?" / "~"
ResultCode take_qualifier(std::string_view& rest) {
  constexpr std::string_view qualifiers = "+-?~";
  constexpr std::array results{ResultCode::pass, ResultCode::fail, ResultCode::neutral,
                               ResultCode::softfail};
  const std::size_t index = qualifiers.find(rest.front());
  if (index == std::string_view::npos) {
    return ResultCode::pass;
  }
  rest.remove_prefix(1);
  return results.at(index);
}

// ip4-cidr-length = "/" ("0" / %x31-39 0*1DIGIT) ; value range 0-32
// ip6-cidr-length = "/" ("0" / %x31-39 0*2DIGIT) ; value range 0-128
// From the digits on.
std::optional<std::uint8_t> parse_prefix_length(std::string_view text, std::uint8_t maximum) {
  std::uint8_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  const bool has_leading_zero = text.size() > 1 && text.front() == '0';
  if (error != std::errc{} || end != text.data() + text.size() || has_leading_zero ||
      length > maximum) {
    return std::nullopt;
  }
  return length;
}

// Takes `mark` and the digits behind it off the end; an empty view where the text does not end so.
std::string_view take_number_after(std::string_view& text, std::string_view mark) {
  const std::size_t last = text.find_last_not_of(digits);
  if (last == std::string_view::npos || last + 1 == text.size() ||
      !text.substr(0, last + 1).ends_with(mark)) {
    return {};
  }
  const std::string_view number = text.substr(last + 1);
  text = text.substr(0, last + 1 - mark.size());
  return number;
}

// dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]
// A domain-spec may hold slashes too, but cannot end in one and digits: what looks like a prefix
// length at the end is one.
bool take_dual_prefix_length(std::string_view& text, Directive& directive) {
  if (const std::string_view number = take_number_after(text, "//"); !number.empty()) {
    const auto length = parse_prefix_length(number, 128);
    if (!length) {
      return false;
    }
    directive.prefix6 = *length;
  }
  if (const std::string_view number = take_number_after(text, "/"); !number.empty()) {
    const auto length = parse_prefix_length(number, 32);
    if (!length) {
      return false;
    }
    directive.prefix4 = *length;
  }
  return true;
}

// ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ]
// ip6 = "ip6" ":" ip6-network [ ip6-cidr-length ]
std::expected<void, RecordError> parse_network(std::string_view argument, Directive& directive) {
  const bool is_ip4 = directive.mechanism == Mechanism::ip4;
  const std::size_t slash = std::min(argument.find('/'), argument.size());
  const std::string_view network = argument.substr(0, slash);
  const auto address = dns::IpAddress::parse(network);
  if (!address || network.contains(':') == is_ip4) {
    return failure(RecordErrorCode::bad_network, directive.text);
  }
  directive.network = *address;
  if (!is_ip4 && address->is_v4()) {
    // An IPv4-mapped network matches no client: those are IPv4 (RFC 7208 §5).
    const auto& octets = address->octets();
    directive.network = dns::IpAddress::v6(
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, octets[0], octets[1], octets[2], octets[3]});
  }
  if (slash == argument.size()) {
    return {};
  }
  const auto length = parse_prefix_length(argument.substr(slash + 1), is_ip4 ? 32 : 128);
  if (!length) {
    return failure(RecordErrorCode::bad_prefix_length, directive.text);
  }
  (is_ip4 ? directive.prefix4 : directive.prefix6) = *length;
  return {};
}

std::expected<DomainSpec, RecordError> parse_domain_spec(std::string_view text,
                                                         std::string_view term) {
  if (text.empty()) {
    return failure(RecordErrorCode::missing_argument, term);
  }
  const auto use = check_domain_spec(text);
  if (!use) {
    return failure(use.error(), term);
  }
  return DomainSpec{text, *use};
}

// include = "include" ":" domain-spec
// exists  = "exists"  ":" domain-spec
// a       = "a"   [ ":" domain-spec ] [ dual-cidr-length ]
// mx      = "mx"  [ ":" domain-spec ] [ dual-cidr-length ]
// ptr     = "ptr" [ ":" domain-spec ]
// `argument` is what follows the name, with its colon or slash.
std::expected<void, RecordError> parse_target(std::string_view argument, Directive& directive) {
  const Mechanism mechanism = directive.mechanism;
  if ((mechanism == Mechanism::a || mechanism == Mechanism::mx) &&
      !take_dual_prefix_length(argument, directive)) {
    return failure(RecordErrorCode::bad_prefix_length, directive.text);
  }
  const bool needs_domain = mechanism == Mechanism::include || mechanism == Mechanism::exists;
  if (argument.empty()) {
    return needs_domain ? failure(RecordErrorCode::missing_argument, directive.text)
                        : std::expected<void, RecordError>{};
  }
  if (argument.front() != ':') {
    return failure(RecordErrorCode::unexpected_argument, directive.text);
  }
  const auto domain_spec = parse_domain_spec(argument.substr(1), directive.text);
  if (!domain_spec) {
    return std::unexpected(domain_spec.error());
  }
  directive.domain_spec = *domain_spec;
  return {};
}

std::expected<void, RecordError> parse_argument(std::string_view argument, Directive& directive) {
  switch (directive.mechanism) {
    case Mechanism::all:  // all = "all"
      return argument.empty() ? std::expected<void, RecordError>{}
                              : failure(RecordErrorCode::unexpected_argument, directive.text);
    case Mechanism::ip4:
    case Mechanism::ip6:
      if (argument.size() < 2 || argument.front() != ':') {
        return failure(RecordErrorCode::missing_argument, directive.text);
      }
      return parse_network(argument.substr(1), directive);
    case Mechanism::include:
    case Mechanism::a:
    case Mechanism::mx:
    case Mechanism::ptr:
    case Mechanism::exists:
      return parse_target(argument, directive);
  }
  std::unreachable();
}

// directive = [ qualifier ] mechanism
std::expected<Directive, RecordError> parse_directive(std::string_view term) {
  Directive directive;
  directive.text = term;
  std::string_view rest = term;
  directive.result = take_qualifier(rest);
  const std::size_t name_end = std::min(rest.find_first_of(":/"), rest.size());
  const auto mechanism = mechanism_of(rest.substr(0, name_end));
  if (!mechanism) {
    return failure(RecordErrorCode::unknown_mechanism, term);
  }
  directive.mechanism = *mechanism;
  if (const auto parsed = parse_argument(rest.substr(name_end), directive); !parsed) {
    return std::unexpected(parsed.error());
  }
  return directive;
}

// name "=", with name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ): the length of the name, or 0
// where the term is no modifier.
std::size_t modifier_name_length(std::string_view term) {
  const std::size_t equals = term.find('=');
  if (equals == std::string_view::npos || !mail::is_alpha(term.front())) {
    return 0;
  }
  const bool is_name = std::ranges::all_of(term.substr(0, equals), [](char c) {
    return mail::is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
  });
  return is_name ? equals : 0;
}

// redirect    = "redirect" "=" domain-spec
// explanation = "exp" "=" domain-spec
std::expected<void, RecordError> set_modifier(std::optional<DomainSpec>& modifier,
                                              std::string_view value, std::string_view term) {
  if (modifier) {
    return failure(RecordErrorCode::repeated_modifier, term);  // RFC 7208 §6
  }
  const auto domain_spec = parse_domain_spec(value, term);
  if (!domain_spec) {
    return std::unexpected(domain_spec.error());
  }
  modifier = *domain_spec;
  return {};
}

// modifier         = redirect / explanation / unknown-modifier
// unknown-modifier = name "=" macro-string ; where name is not any known modifier
std::expected<void, RecordError> add_modifier(Record& record, std::string_view term,
                                              std::size_t name_length) {
  const std::string_view name = term.substr(0, name_length);
  const std::string_view value = term.substr(name_length + 1);
  if (mail::equals_ignoring_case(name, "redirect")) {
    return set_modifier(record.redirect, value, term);
  }
  if (mail::equals_ignoring_case(name, "exp")) {
    return set_modifier(record.explanation, value, term);
  }
  // The grammar lets every macro-letter stand here, those of explanations too.
  const auto use = check_macro_string(value, MacroScope::explanation);
  return use ? std::expected<void, RecordError>{} : failure(use.error(), term);
}

std::expected<void, RecordError> add_term(Record& record, std::string_view term) {
  if (const std::size_t name_length = modifier_name_length(term); name_length > 0) {
    return add_modifier(record, term, name_length);
  }
  const auto directive = parse_directive(term);
  if (!directive) {
    return std::unexpected(directive.error());
  }
  record.directives.push_back(*directive);
  return {};
}

std::string_view format_record_error_code(const RecordError& error) {
  switch (error.code) {
    case RecordErrorCode::too_long:
      return "the record is too long";
    case RecordErrorCode::unknown_mechanism:
      return "unknown mechanism";
    case RecordErrorCode::missing_argument:
      return "missing argument";
    case RecordErrorCode::unexpected_argument:
      return "unexpected argument";
    case RecordErrorCode::bad_network:
      return "not an IP address";
    case RecordErrorCode::bad_prefix_length:
      return "bad prefix length";
    case RecordErrorCode::bad_macro:
      return format_macro_error(error.macro);
    case RecordErrorCode::repeated_modifier:
      return "a modifier that may stand once only";
  }
  std::unreachable();
}

}  // namespace

std::string format_record_error(const RecordError& error) {
  std::string text(format_record_error_code(error));
  return error.term.empty() ? text : text + " in \"" + printable(error.term) + '"';
}

bool is_spf_record(std::string_view text) {
  return mail::equals_ignoring_case(text.substr(0, version.size()), version) &&
         (text.size() == version.size() || text[version.size()] == ' ');
}

// record = version terms *SP
// terms  = *( 1*SP ( directive / modifier ) )
std::expected<Record, RecordError> parse_record(std::string_view text) {
  if (text.size() > max_record_octets) {
    return failure(RecordErrorCode::too_long, {});
  }
  Record record;
  std::size_t begin = version.size();
  while ((begin = text.find_first_not_of(' ', begin)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (const auto added = add_term(record, text.substr(begin, end - begin)); !added) {
      return std::unexpected(added.error());
    }
    begin = end;
  }
  return record;
}

std::string printable(std::string_view text) {
  const bool is_cut = text.size() > max_printed_octets;
  std::string shown(text.substr(0, max_printed_octets));
  std::ranges::replace_if(shown, [](char c) { return c <= ' ' || c > '~'; }, '?');
  return is_cut ? shown + "..." : shown;
}

}  // namespace sekisho::spf
