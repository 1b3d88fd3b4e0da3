#include "preflight/unsubscribe.hpp"

#include "mail/ascii.hpp"
#include "preflight/content_type.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace sekisho::preflight {

namespace {

constexpr std::size_t max_uris = 20;
constexpr std::size_t min_token = 10;  // octets of something that nobody guesses
constexpr std::string_view post_argument = "List-Unsubscribe=One-Click";

bool has_scheme(std::string_view uri, std::string_view scheme) {
  return uri.size() > scheme.size() &&
         mail::equals_ignoring_case(uri.substr(0, scheme.size()), scheme) &&
         uri[scheme.size()] == ':';
}

std::size_t count_scheme(const std::vector<std::string>& uris, std::string_view scheme) {
  return static_cast<std::size_t>(
      std::ranges::count_if(uris, [&](const std::string& uri) { return has_scheme(uri, scheme); }));
}

bool is_uri_character(char c) {
  return c > ' ' && c < '\x7f' && c != '<' && c != '>' && c != '"';
}

// `<`, a URI, `>`. Programs fold within it, and RFC 2369 §2 has the blanks ignored.
std::optional<std::string> take_uri(std::string_view& rest) {
  const std::size_t end = rest.find('>');
  if (!rest.starts_with('<') || end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string uri(rest.substr(1, end - 1));
  std::erase_if(uri, mail::is_blank);
  rest.remove_prefix(end + 1);
  const bool is_uri = uri.contains(':') && std::ranges::all_of(uri, is_uri_character);
  return is_uri ? std::optional(uri) : std::nullopt;
}

/// The part of an HTTPS URI behind the host.
std::string_view path_of(std::string_view uri) {
  const std::size_t host = uri.find("//");
  const std::size_t path =
      host == std::string_view::npos ? host : uri.find_first_of("/?#", host + 2);
  return path == std::string_view::npos ? std::string_view{} : uri.substr(path);
}

// Words do not change from letter to digit and back; tokens do. A long number may be one, too.
bool is_token(std::string_view run) {
  if (run.size() < min_token) {
    return false;
  }
  std::size_t digits = 0;
  std::size_t capitals = 0;
  for (const char c : run) {
    digits += mail::is_digit(c) ? 1 : 0;
    capitals += c >= 'A' && c <= 'Z' ? 1 : 0;
  }
  return digits > 0 || (capitals > 1 && capitals < run.size());
}

bool has_token(std::string_view path) {
  while (!path.empty()) {
    const auto* const end = std::ranges::find_if_not(
        path, [](char c) { return mail::is_alphanumeric(c) || c == '_' || c == '-' || c == '%'; });
    if (is_token(path.substr(0, static_cast<std::size_t>(end - path.begin())))) {
      return true;
    }
    path.remove_prefix(std::min(static_cast<std::size_t>(end - path.begin()) + 1, path.size()));
  }
  return false;
}

bool shows_address(std::string_view uri, const std::vector<std::string>& recipients) {
  const std::string text = mail::to_lower(uri);
  return std::ranges::any_of(recipients, [&](const std::string& recipient) {
    const std::string address = mail::to_lower(recipient);
    const std::size_t at = address.rfind('@');
    return at != std::string::npos &&
           (text.contains(address) ||
            text.contains(address.substr(0, at) + "%40" + address.substr(at + 1)));
  });
}

Level by_rule(const UnsubscribeContext& context) {
  return context.is_bulk_sender && context.kind == Kind::bulk ? Level::error : Level::advice;
}

std::optional<std::size_t> index_of(const FormReader& form, std::string_view name,
                                    std::size_t from = 0) {
  for (std::size_t i = from; i < form.header().size(); ++i) {
    if (mail::is_named(form.header()[i], name)) {
      return i;
    }
  }
  return std::nullopt;
}

void check_opaque(const std::string& uri, const UnsubscribeContext& context, const Place& where,
                  std::vector<Finding>& findings) {
  const std::string_view path = path_of(uri);
  if (shows_address(uri, context.recipients) || path.contains('@')) {
    add_finding(findings, Id::unsub_opaque, Level::warning, where,
                "the URL holds the recipient's address in clear");
  } else if (!has_token(path)) {
    add_finding(findings, Id::unsub_opaque, Level::warning, where,
                "nothing in the URL is hard to guess: " + printable(uri));
  }
}

void check_uris(const FormReader& form, std::size_t at, const UnsubscribeContext& context,
                std::vector<Finding>& findings) {
  const Place where = form.place_of(at);
  const UnsubscribeUris parsed = parse_unsubscribe(form.header()[at].value);
  if (!parsed.is_well_formed || parsed.uris.empty()) {
    add_finding(findings, Id::unsub_url, Level::error, where,
                "not a list of <URI>: " +
                    printable(mail::trimmed(std::string_view(form.header()[at].value))));
    return;
  }
  const std::size_t https = count_scheme(parsed.uris, "https");
  const bool is_one_click = offers_one_click(form.header());
  if (is_one_click && https != 1) {
    add_finding(
        findings, Id::unsub_url, Level::error, where,
        "one-click unsubscription needs exactly one HTTPS URI, here are " + std::to_string(https));
    return;
  }
  if (https == 0 && context.kind == Kind::bulk) {
    add_finding(findings, Id::unsub_url, by_rule(context), where, "no HTTPS URI");
  }
  if (is_one_click) {
    const auto uri = std::ranges::find_if(
        parsed.uris, [](const std::string& each) { return has_scheme(each, "https"); });
    check_opaque(*uri, context, where, findings);
  }
}

void check_url(const FormReader& form, const UnsubscribeContext& context,
               std::vector<Finding>& findings) {
  const auto at = index_of(form, "List-Unsubscribe");
  if (!at) {
    if (offers_one_click(form.header())) {
      add_finding(findings, Id::unsub_url, Level::error, {},
                  "List-Unsubscribe-Post without List-Unsubscribe");
    } else if (context.kind == Kind::bulk) {
      add_finding(findings, Id::unsub_url, by_rule(context), {}, "no List-Unsubscribe field");
    }
    return;
  }
  if (const auto second = index_of(form, "List-Unsubscribe", *at + 1)) {
    add_finding(findings, Id::unsub_url, Level::error, form.place_of(*second),
                "more than one List-Unsubscribe field");
    return;
  }
  check_uris(form, *at, context, findings);
}

// ABNF of RFC 8058 §5: one blank, then the argument, and nothing else.
void check_post(const FormReader& form, const UnsubscribeContext& context,
                std::vector<Finding>& findings) {
  const auto at = index_of(form, "List-Unsubscribe-Post");
  if (!at) {
    const bool has_url = index_of(form, "List-Unsubscribe").has_value();
    if (has_url && context.kind == Kind::bulk) {
      add_finding(findings, Id::unsub_post, by_rule(context), {},
                  "no List-Unsubscribe-Post field, so no one-click unsubscription");
    }
    return;
  }
  if (const auto second = index_of(form, "List-Unsubscribe-Post", *at + 1)) {
    add_finding(findings, Id::unsub_post, Level::error, form.place_of(*second),
                "more than one List-Unsubscribe-Post field");
    return;
  }
  std::string_view value = form.header()[*at].value;
  if (!value.empty() && mail::is_blank(value.front())) {
    value.remove_prefix(1);
  }
  if (value != post_argument) {
    add_finding(findings, Id::unsub_post, Level::error, form.place_of(*at),
                "not exactly " + std::string(post_argument) + ": " + printable(value));
  }
}

}  // namespace

UnsubscribeUris parse_unsubscribe(std::string_view value) {
  UnsubscribeUris parsed;
  std::string text;
  // Comments may stand between the URIs (RFC 2369 §2), and parentheses within one are its own.
  bool in_uri = false;
  std::size_t depth = 0;
  for (const char c : value) {
    if (c == '\r' || c == '\n') {
      continue;
    }
    if (!in_uri && c == '(') {
      ++depth;
    } else if (!in_uri && c == ')' && depth > 0) {
      --depth;
    } else if (depth == 0) {
      in_uri = c == '<' || (in_uri && c != '>');
      text += c;
    }
  }
  std::string_view rest = mail::trimmed(std::string_view(text));
  while (!rest.empty() && parsed.uris.size() < max_uris) {
    auto uri = take_uri(rest);
    if (!uri) {
      break;
    }
    parsed.uris.push_back(*std::move(uri));
    rest = mail::trimmed(rest);
    if (rest.starts_with(',')) {
      rest = mail::trimmed(rest.substr(1));
    } else {
      break;
    }
  }
  parsed.is_well_formed = rest.empty() && depth == 0 && !text.empty();
  return parsed;
}

void check_unsubscribe(const FormReader& form, const UnsubscribeContext& context,
                       std::vector<Finding>& findings) {
  check_url(form, context, findings);
  check_post(form, context, findings);
  if (context.kind == Kind::bulk && !index_of(form, "List-Id")) {
    add_finding(findings, Id::list_id, Level::advice, {}, "bulk mail without List-Id");
  }
}

bool offers_one_click(const mail::HeaderSection& header) {
  return !mail::fields_named(header, "List-Unsubscribe-Post").empty();
}

std::string one_click_uri(const mail::HeaderSection& header) {
  const auto fields = mail::fields_named(header, "List-Unsubscribe");
  if (fields.size() != 1 || !offers_one_click(header)) {
    return {};
  }
  std::string found;
  for (const std::string& uri : parse_unsubscribe(fields.front()->value).uris) {
    if (has_scheme(uri, "https")) {
      if (!found.empty()) {
        return {};
      }
      found = uri;
    }
  }
  return found;
}

}  // namespace sekisho::preflight
