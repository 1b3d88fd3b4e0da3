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

/// `IPv6:` in front (RFC 5321 §4.1.3) and a zone behind (RFC 4007 §11) are no part of an address.
std::optional<dns::IpAddress> address_of(std::string_view text) {
  constexpr std::string_view tag = "IPv6:";
  if (mail::equals_ignoring_case(text.substr(0, tag.size()), tag)) {
    text.remove_prefix(tag.size());
  }
  return dns::IpAddress::parse(text.substr(0, text.find('%')));
}

bool is_inside(const dns::IpAddress& address, std::span<const dns::Network> inside) {
  constexpr unsigned loopback_prefix = 8;
  return address == dns::IpAddress::parse("::1") ||
         address.is_in(dns::IpAddress::v4({127, 0, 0, 0}), loopback_prefix) ||
         std::ranges::any_of(inside, [&](const dns::Network& n) { return n.contains(address); });
}

// The MTA's own word about the client, beside which the name that the client gave does not count.
bool has_tcp_info(std::span<const Word> clause) {
  const bool has_address = std::ranges::any_of(clause, [](const Word& word) {
    return word.depth == 1 && word.in_brackets && address_of(word.text);
  });
  // Exim writes the client's address first and its HELO name into the comment.
  const bool tells_helo = std::ranges::any_of(clause, [](const Word& word) {
    return word.depth > 0 && mail::equals_ignoring_case(word.text, "helo");
  });
  return has_address && !tells_helo;
}

// Of a field that names a client and no address.
bool is_local_delivery(std::span<const Word> clause, std::span<const Word> rest) {
  const auto socket = std::ranges::adjacent_find(clause, [](const Word& a, const Word& b) {
    return a.in_brackets && b.in_brackets && a.text == "unix" && b.text == "socket";
  });
  if (socket != clause.end()) {
    return true;
  }
  const auto with =
      std::ranges::find_if(rest, [](const Word& word) { return is_keyword(word, "with"); });
  if (with == rest.end() || std::next(with) == rest.end() || std::next(with)->depth > 0) {
    return false;
  }
  const std::string protocol = mail::to_lower(std::next(with)->text);
  return protocol.contains("lmtp") || protocol == "local";
}

}  // namespace

bool shows_outside_client(std::string_view value, std::span<const dns::Network> inside) {
  if (value.size() > max_field_octets) {
    return true;
  }
  const std::string text = mail::unfold(value);
  const std::vector<Word> words = words_of(text);
  const auto first = std::ranges::find_if(words, [](const Word& word) { return word.depth == 0; });
  if (first == words.end() || !is_keyword(*first, "from")) {
    return false;
  }
  // The client chooses the word behind "from": it is its name even where it reads "with" or "by".
  const auto name = std::next(first);
  const auto end =
      name == words.end() ? name : std::find_if(std::next(name), words.end(), ends_from_clause);
  const std::span<const Word> clause(name, end);
  const bool by_mta = has_tcp_info(clause);
  bool has_address = false;
  for (const Word& word : clause) {
    const auto address = address_of(word.text);
    if (!address || (by_mta && word.depth == 0)) {
      continue;
    }
    has_address = true;
    if (!is_inside(*address, inside)) {
      return true;
    }
  }
  return !has_address && !is_local_delivery(clause, {end, words.end()});
}

}  // namespace sekisho::policy
