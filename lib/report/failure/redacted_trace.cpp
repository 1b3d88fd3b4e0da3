// Received, and the plain fields: dates, ids, words.
#include "authres/scanner.hpp"
#include "dns/ip_address.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "report/failure/redacted_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace sekisho::report::failure {

namespace {

using mail::equals_ignoring_case;
using mail::trimmed;

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& words, std::string_view word) {
  return std::ranges::any_of(words,
                             [&](std::string_view one) { return equals_ignoring_case(one, word); });
}

// RFC 5321 §4.4 and the registry of mail transmission types that it began.
constexpr std::array<std::string_view, 20> protocols{
    "SMTP",      "ESMTP",      "ESMTPA",   "ESMTPS",    "ESMTPSA", "LMTP", "LMTPA",
    "LMTPS",     "LMTPSA",     "UTF8SMTP", "UTF8SMTPA", "MMS",     "HTTP", "HTTPS",
    "UTF8SMTPS", "UTF8SMTPSA", "UTF8LMTP", "UTF8LMTPS", "local",   "SMTPS"};

constexpr std::array<std::string_view, 30> date_words{
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar",
    "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "UT",
    "GMT", "UTC", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"};

bool is_number(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, mail::is_digit);
}

// 10:00, 10:00:00, +0100, 2026, Mon
bool is_date_word(std::string_view word) {
  if (word.starts_with('+') || word.starts_with('-')) {
    return is_number(word.substr(1), 4);
  }
  if (!word.contains(':')) {
    return is_number(word, 4) || is_one_of(date_words, word);
  }
  return word.size() <= std::string_view("00:00:00").size() &&
         std::ranges::all_of(word, [](char c) { return mail::is_digit(c) || c == ':'; });
}

// An address literal: RFC 5321 §4.1.3.
bool is_literal(std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']')) {
    return false;
  }
  text = text.substr(1, text.size() - 2);
  constexpr std::string_view tag = "IPv6:";
  if (equals_ignoring_case(text.substr(0, tag.size()), tag)) {
    text.remove_prefix(tag.size());
  }
  return dns::IpAddress::parse(text).has_value();
}

std::string host(std::string_view text, const Redactor& redactor) {
  const bool says_nothing = text == "localhost" || text == "unknown";
  return says_nothing || is_literal(text) ? std::string(text) : redactor.domain(text);
}

struct Comment {
  std::string shown;
  std::string_view rest;
};

// TCP-info = address-literal / ( Domain FWS address-literal ), in the parentheses behind a host;
// other comments may follow.
std::optional<Comment> tcp_info(std::string_view comments, const Redactor& redactor) {
  const std::string_view text = trimmed(comments);
  const std::size_t end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view inner = trimmed(text.substr(1, end - 1));
  const std::size_t blank = inner.find_last_of(mail::blanks);
  const bool has_name = blank != std::string_view::npos;
  const std::string_view literal = has_name ? inner.substr(blank + 1) : inner;
  if (!is_literal(literal)) {
    return std::nullopt;
  }
  const std::string name =
      has_name ? host(trimmed(inner.substr(0, blank)), redactor) + " " : std::string();
  return Comment{" (" + name + std::string(literal) + ")", trimmed(text.substr(end + 1))};
}

bool is_queue_id(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return mail::is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
  });
}

enum class Clause : std::uint8_t { none, host, protocol, id, person };

// The clause that a word begins: RFC 5321 §4.4, From-domain to For.
Clause clause_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, Clause>, 6> clauses{{{"from", Clause::host},
                                                                        {"by", Clause::host},
                                                                        {"via", Clause::person},
                                                                        {"with", Clause::protocol},
                                                                        {"id", Clause::id},
                                                                        {"for", Clause::person}}};
  const auto* const found = std::ranges::find_if(
      clauses, [&](const auto& one) { return equals_ignoring_case(one.first, word); });
  return found == clauses.end() ? Clause::none : found->second;
}

class ReceivedReader {
 public:
  ReceivedReader(std::string_view value, const Redactor& redactor)
      : value_(value), redactor_(redactor), in_(value) {}

  std::optional<std::string> read() {
    while (take_comments()) {
      if (in_.at_end()) {
        return std::move(text_);
      }
      if (in_.accept(';')) {
        return take_date();
      }
      if (!take_word()) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  bool take_comments() {
    const std::size_t begin = in_.position();
    if (!in_.skip_cfws()) {
      return false;
    }
    std::string_view comments = value_.substr(begin, in_.position() - begin);
    if (const auto info = follows_host_ ? tcp_info(comments, redactor_) : std::nullopt) {
      text_ += info->shown;
      comments = info->rest;
    }
    if (comments.contains('(')) {
      text_ += " (withheld)";
    }
    return true;
  }

  bool take_word() {
    if (in_.peek() == '"') {
      const auto quoted = in_.quoted_string();
      add(quoted ? redactor_.pseudonym(*quoted) : "");
      clause_ = Clause::none;
      return quoted.has_value();
    }
    const std::string_view word = in_.unquoted();
    if (word.empty()) {
      return false;
    }
    add(shown(word));
    return true;
  }

  std::string shown(std::string_view word) {
    follows_host_ = clause_ == Clause::host;
    switch (std::exchange(clause_, Clause::none)) {
      case Clause::none:
        clause_ = clause_of(word);
        return clause_ == Clause::none ? redactor_.pseudonym(word) : std::string(word);
      case Clause::host:
        return host(word, redactor_);
      case Clause::protocol:
        return is_one_of(protocols, word) ? std::string(word) : redactor_.pseudonym(word);
      case Clause::id:
        return is_queue_id(word) ? std::string(word) : redactor_.pseudonym(word);
      case Clause::person:
        return redactor_.pseudonym(word);
    }
    std::unreachable();
  }

  std::optional<std::string> take_date() {
    const auto date = plain_date(value_.substr(in_.position()));
    return date ? std::optional(text_ + ";" + *date) : std::nullopt;
  }

  void add(const std::string& word) { text_ += " " + word; }

  std::string_view value_;
  const Redactor& redactor_;
  authres::Scanner in_;
  std::string text_;
  Clause clause_ = Clause::none;
  bool follows_host_ = false;
};

}  // namespace

std::optional<std::string> redacted_received(std::string_view value, const Redactor& redactor) {
  return ReceivedReader(value, redactor).read();
}

std::optional<std::string> plain_date(std::string_view value) {
  authres::Scanner in(value);
  std::string text;
  while (in.skip_cfws()) {
    if (in.at_end()) {
      return text;
    }
    std::string_view word = in.unquoted();
    const bool has_comma = word.ends_with(',');
    word.remove_suffix(has_comma ? 1 : 0);
    if (!is_date_word(word)) {
      return std::nullopt;
    }
    text += " " + std::string(word) + (has_comma ? "," : "");
  }
  return std::nullopt;
}

std::optional<std::string> plain_message_id(std::string_view value) {
  const std::string_view id = trimmed(value);
  const bool is_enclosed = id.size() > 2 && id.starts_with('<') && id.ends_with('>');
  if (!is_enclosed || id.find_first_of(" \t\"()<>,;:\\", 1) != id.size() - 1) {
    return std::nullopt;
  }
  return " " + std::string(id);
}

std::optional<std::string> plain_list_id(std::string_view value) {
  const std::string_view text = trimmed(value);
  const std::size_t open = text.rfind('<');
  if (open == std::string_view::npos || !text.ends_with('>')) {
    return std::nullopt;
  }
  const auto id = mail::Domain::parse(text.substr(open + 1, text.size() - open - 2));
  return id ? std::optional(" <" + id->text() + ">") : std::nullopt;
}

std::optional<std::string> plain_word(std::string_view value) {
  authres::Scanner in(value);
  if (!in.skip_cfws()) {
    return std::nullopt;
  }
  std::string text(in.token());
  if (in.accept('/')) {
    text.append("/").append(in.token());
  }
  const bool ends = in.skip_cfws() && (in.at_end() || in.peek() == ';');
  return ends && !text.empty() ? std::optional(" " + text) : std::nullopt;
}

}  // namespace sekisho::report::failure
