#include "policy/received.hpp"

#include "mail/ascii.hpp"
#include "mail/header_field.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::policy {

namespace {

// RFC 5322 §2.1.1 bounds a line at 998 octets; a field of more than a few lines is nobody's trace.
constexpr std::size_t max_field_octets = 8'192;

struct Word {
  std::string_view text;
  std::size_t depth = 0;  ///< Of comments.
  bool in_brackets = false;
};

constexpr bool separates(char c) {
  return std::string_view(" \t\r\n()[]<>,;=\"").contains(c);
}

/// The words of a field up to its date, with how they are enclosed.
std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  std::size_t depth = 0;
  bool in_brackets = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (!separates(c)) {
      const std::size_t end = std::min(
          static_cast<std::size_t>(
              std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), separates) -
              text.begin()),
          text.size());
      words.push_back({text.substr(at, end - at), depth, in_brackets});
      at = end;
      continue;
    }
    if (c == ';' && depth == 0) {
      break;
    }
    depth += c == '(' ? 1 : 0;
    depth -= c == ')' && depth > 0 ? 1 : 0;
    in_brackets = c == '[' || (in_brackets && c != ']');
    ++at;
  }
  return words;
}

bool is_keyword(const Word& word, std::string_view keyword) {
  return word.depth == 0 && mail::equals_ignoring_case(word.text, keyword);
}

bool ends_from_clause(const Word& word) {
  return std::ranges::any_of(std::array{"by", "via", "with", "id", "for"},
                             [&](const char* keyword) { return is_keyword(word, keyword); });
}

/// `IPv6:` in front (RFC 5321 §4.1.3), a zone behind (RFC 4007 §11), the user of an ident answer
/// and a port are no part of an address.
std::optional<dns::IpAddress> address_of(std::string_view text) {
  constexpr std::string_view tag = "IPv6:";
  text.remove_prefix(text.rfind('@') + 1);  // npos + 1 is 0
  if (mail::equals_ignoring_case(text.substr(0, tag.size()), tag)) {
    text.remove_prefix(tag.size());
  }
  if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  return dns::IpAddress::parse(text.substr(0, text.find('%')));
}

bool is_inside(const dns::IpAddress& address, std::span<const dns::Network> inside) {
  constexpr unsigned loopback_prefix = 8;
  constexpr unsigned link_local_prefix =
      10;  // no host outside of the link has one: RFC 4291 §2.5.6
  return address == dns::IpAddress::parse("::1") ||
         address.is_in(dns::IpAddress::v4({127, 0, 0, 0}), loopback_prefix) ||
         address.is_in(dns::IpAddress::v6({0xfe, 0x80}), link_local_prefix) ||
         std::ranges::any_of(inside, [&](const dns::Network& n) { return n.contains(address); });
}

// Words behind which a value of the client's own choice stands.
bool announces_claim(const Word& word) {
  return std::ranges::any_of(std::array{"helo", "ehlo", "lhlo", "ident"}, [&](const char* each) {
    return mail::equals_ignoring_case(word.text, each);
  });
}

/// What a "from" clause says of the client.
class FromClause {
 public:
  FromClause(std::span<const Word> words, std::span<const dns::Network> inside)
      : words_(words),
        inside_(inside),
        tells_claims_(std::ranges::any_of(
            words, [](const Word& word) { return word.depth > 0 && announces_claim(word); })),
        has_tcp_info_(!tells_claims_ && std::ranges::any_of(words, [](const Word& word) {
          return word.depth == 1 && word.in_brackets && address_of(word.text);
        })) {}

  /// An address that is not inside, other than one of the client's own choice beside the MTA's
  /// word.
  [[nodiscard]] bool shows_outside() const {
    return std::ranges::any_of(words_, [this](const Word& word) {
      const auto address = address_of(word.text);
      return address && !(has_tcp_info_ && word.depth == 0) && !is_inside(*address, inside_);
    });
  }

  /// An address that the client did not choose.
  [[nodiscard]] bool has_address() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (address_of(words_[i].text) && !is_claim(i)) {
        return true;
      }
    }
    return false;
  }

  /// A socket of the host, or a user of it.
  [[nodiscard]] bool is_local() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const Word& word = words_[i];
      const bool has_next = i + 1 < words_.size() && words_[i + 1].depth > 0;
      const bool is_socket =
          has_next && word.in_brackets && word.text == "unix" && words_[i + 1].text == "socket";
      const bool is_user = has_next && word.text == "uid";
      const bool is_marked = word.in_brackets && word.text == "local";
      if (word.depth > 0 && (is_socket || is_user || is_marked)) {
        return true;
      }
    }
    return false;
  }

 private:
  // The first word is what the client called itself, unless the field tells that elsewhere.
  [[nodiscard]] bool is_claim(std::size_t i) const {
    return i == 0 ? !tells_claims_ : announces_claim(words_[i - 1]);
  }

  std::span<const Word> words_;
  std::span<const dns::Network> inside_;
  bool tells_claims_;
  bool has_tcp_info_;
};

/// The word behind a keyword outside of comments; empty: there is none.
std::string word_behind(std::span<const Word> words, std::string_view keyword) {
  const auto found = std::ranges::find_if(
      words, [keyword](const Word& word) { return is_keyword(word, keyword); });
  const bool has_word =
      found != words.end() && std::next(found) != words.end() && std::next(found)->depth == 0;
  return has_word ? mail::to_lower(std::next(found)->text) : "";
}

/// A field in its parts.
struct Received {
  bool has_from = false;
  std::span<const Word> from;  ///< Without the keyword.
  std::span<const Word> rest;
};

Received parts_of(std::span<const Word> words) {
  const auto first = std::ranges::find_if(words, [](const Word& word) { return word.depth == 0; });
  if (first == words.end() || !is_keyword(*first, "from")) {
    return {false, {}, words};
  }
  // The client chooses the word behind "from": it is its name even where it reads "with" or "by".
  const auto name = std::next(first);
  const auto end =
      name == words.end() ? name : std::find_if(std::next(name), words.end(), ends_from_clause);
  return {true, {name, end}, {end, words.end()}};
}

}  // namespace

bool shows_outside_client(std::string_view value, std::span<const dns::Network> inside) {
  if (value.size() > max_field_octets) {
    return true;
  }
  const std::string text = mail::unfold(value);
  const std::vector<Word> words = words_of(text);
  const Received received = parts_of(words);
  const std::string protocol = word_behind(received.rest, "with");
  if (protocol.starts_with("pop") || protocol.starts_with("imap")) {
    return true;  // fetched from a mailbox, wherever that is reached
  }
  if (!received.has_from) {
    return false;
  }
  const FromClause from(received.from, inside);
  if (from.shows_outside()) {
    return true;
  }
  const bool is_local = from.is_local() || protocol.contains("lmtp") ||
                        protocol.starts_with("local") || protocol == "mapi";
  return !from.has_address() && !is_local;
}

bool shows_login(std::string_view value, std::span<const std::string> own_names) {
  if (value.size() > max_field_octets) {
    return false;
  }
  const std::string text = mail::unfold(value);
  const std::vector<Word> words = words_of(text);
  const Received received = parts_of(words);
  const std::string protocol = word_behind(received.rest, "with");
  const std::string by = word_behind(received.rest, "by");
  const bool is_authenticated = protocol == "esmtpa" || protocol == "esmtpsa" ||
                                protocol == "utf8smtpa" || protocol == "utf8smtpsa";
  return received.has_from && is_authenticated &&
         std::ranges::any_of(own_names, [&](const std::string& name) {
           return !name.empty() && mail::equals_ignoring_case(by, name);
         });
}

}  // namespace sekisho::policy
