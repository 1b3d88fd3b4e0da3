#include "mail/address.hpp"

#include "mail/address_scanner.hpp"
#include "mail/ascii.hpp"
#include "mail/encoded_word.hpp"
#include "mail/header_field.hpp"
#include "mail/local_part.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::mail {
namespace {

/// The grammar of RFC 5322 §3.4. Each method steps over one rule; false means that the text does
/// not follow it, and error() says why. Groups do not nest, so nothing here calls itself.
class AddressParser {
 public:
  AddressParser(std::string_view text, std::optional<std::size_t> comment_depth,
                std::size_t max_mailboxes)
      : scanner_(text, comment_depth), max_mailboxes_(max_mailboxes) {}

  [[nodiscard]] bool take_address_list();
  [[nodiscard]] bool take_path();

  [[nodiscard]] bool at_end() const { return scanner_.at_end(); }
  [[nodiscard]] AddressError error() const { return error_.value_or(scanner_.error()); }
  [[nodiscard]] std::vector<Mailbox>& mailboxes() { return mailboxes_; }

 private:
  /// What stands before "<", "@" or ":": a display-name, or the local part of a plain addr-spec.
  struct Head {
    std::string_view first_word;
    std::size_t words = 0;
  };
  [[nodiscard]] std::optional<Head> take_head();

  [[nodiscard]] bool take_address();
  [[nodiscard]] bool take_group_list();
  [[nodiscard]] bool take_rest_of_mailbox(const Head& head);
  [[nodiscard]] bool take_angle_address();
  [[nodiscard]] bool take_address_named_by_itself();
  [[nodiscard]] bool take_route();
  [[nodiscard]] bool take_rest_of_addr_spec(std::string_view local_part);
  [[nodiscard]] std::optional<std::string> take_domain();
  [[nodiscard]] bool add_mailbox(Mailbox mailbox);

  AddressScanner scanner_;
  std::size_t max_mailboxes_;
  std::vector<Mailbox> mailboxes_;
  std::optional<AddressError> error_;
};

// address-list = address *("," address)
//
// The empty members of obs-addr-list are refused: readers differ in what they make of them.
bool AddressParser::take_address_list() {
  if (!scanner_.skip_cfws()) {
    return false;
  }
  if (scanner_.at_end()) {
    error_ = AddressError::empty;
    return false;
  }
  do {
    if (!take_address()) {
      return false;
    }
  } while (scanner_.take(','));
  if (!scanner_.at_end()) {
    return false;
  }
  if (mailboxes_.empty()) {
    error_ = AddressError::empty;
  }
  return !mailboxes_.empty();
}

// address = mailbox / group
// group   = display-name ":" [group-list] ";" [CFWS]
bool AddressParser::take_address() {
  const std::optional<Head> head = take_head();
  if (!head) {
    return false;
  }
  if (head->words > 0 && scanner_.take(':')) {
    return take_group_list();
  }
  return take_rest_of_mailbox(*head);
}

// group-list = mailbox-list / CFWS, with the ";" and the CFWS after it
bool AddressParser::take_group_list() {
  if (!scanner_.skip_cfws()) {
    return false;
  }
  if (scanner_.take(';')) {
    return scanner_.skip_cfws();
  }
  do {
    const std::optional<Head> head = take_head();
    if (!head || !take_rest_of_mailbox(*head)) {
      return false;
    }
  } while (scanner_.take(','));
  return scanner_.take(';') && scanner_.skip_cfws();
}

// phrase = 1*word / obs-phrase: the dots of obs-phrase may stand anywhere, for `J. Doe` and `.NET`
// are common names and no reader sees another address for them.
std::optional<AddressParser::Head> AddressParser::take_head() {
  Head head;
  for (;;) {
    if (!scanner_.skip_cfws()) {
      return std::nullopt;
    }
    const std::optional<std::string_view> word = scanner_.take_word();
    if (!word) {
      return std::nullopt;
    }
    if (word->empty()) {
      return head;
    }
    if (head.words == 0) {
      head.first_word = *word;
    }
    ++head.words;
  }
}

// mailbox = name-addr / addr-spec
bool AddressParser::take_rest_of_mailbox(const Head& head) {
  if (scanner_.take('<')) {
    return take_angle_address();
  }
  if (head.words != 1 || !take_rest_of_addr_spec(head.first_word) || !scanner_.skip_cfws()) {
    return false;
  }
  return !scanner_.take('<') || take_address_named_by_itself();
}

// `a@b <c@b>`, whose display-name would need quotes: common, and plain as long as both have one
// domain, since whichever of the two a reader shows, its author domain is the same.
bool AddressParser::take_address_named_by_itself() {
  const std::optional<Domain> shown = mailboxes_.back().domain;
  mailboxes_.pop_back();
  return shown && take_angle_address() && mailboxes_.back().domain == shown;
}

// angle-addr = [CFWS] "<" [obs-route] addr-spec ">" [CFWS], from behind the "<"
bool AddressParser::take_angle_address() {
  return take_path() && scanner_.take('>') && scanner_.skip_cfws();
}

// [obs-route] addr-spec, or [ A-d-l ":" ] Mailbox (RFC 5321 §4.1.2)
bool AddressParser::take_path() {
  if (!scanner_.skip_cfws()) {
    return false;
  }
  if (scanner_.is_next('@') && !take_route()) {
    return false;
  }
  const std::optional<std::string_view> word = scanner_.take_word();
  return word && scanner_.skip_cfws() && take_rest_of_addr_spec(*word);
}

// obs-route = obs-domain-list ":", obs-domain-list = "@" domain *("," "@" domain)
//
// What it says is of no use (RFC 5322 §4.4), but its grammar is held to; its empty members are
// refused as those of lists are.
bool AddressParser::take_route() {
  do {
    if (!scanner_.skip_cfws() || !scanner_.take('@') || !take_domain()) {
      return false;
    }
  } while (scanner_.take(','));
  return scanner_.take(':') && scanner_.skip_cfws();
}

// addr-spec  = local-part "@" domain, from behind the local part and its CFWS
// local-part = dot-atom / quoted-string / 1*( atext / "." )
// The dots of the third form may stand anywhere: large carriers gave such addresses out for years,
// and wherever the dots stand, every reader finds the same domain.
bool AddressParser::take_rest_of_addr_spec(std::string_view local_part) {
  if (local_part.empty() || !scanner_.take('@')) {
    return false;
  }
  const std::optional<std::string> domain = take_domain();
  if (!domain) {
    return false;
  }
  return add_mailbox({.local_part = without_quotes(local_part),
                      .domain_text = *domain,
                      .domain = Domain::parse(*domain)});
}

// domain = dot-atom / domain-literal, with the CFWS on both sides
std::optional<std::string> AddressParser::take_domain() {
  if (!scanner_.skip_cfws()) {
    return std::nullopt;
  }
  std::string domain;
  if (scanner_.is_next('[')) {
    const std::optional<std::string_view> literal = scanner_.take_literal();
    if (!literal) {
      return std::nullopt;
    }
    domain = without_blanks(*literal);
  } else {
    const std::optional<std::string_view> word = scanner_.take_word();
    if (!word || !is_dot_atom(*word) || word->starts_with('"')) {
      return std::nullopt;
    }
    domain = *word;
  }
  return scanner_.skip_cfws() ? std::optional(std::move(domain)) : std::nullopt;
}

bool AddressParser::add_mailbox(Mailbox mailbox) {
  // RFC 2047 §5 allows none in an addr-spec, and a reader may show what it hides.
  if (may_hold_encoded_word(mailbox.local_part) || may_hold_encoded_word(mailbox.domain_text)) {
    return false;
  }
  if (mailboxes_.size() == max_mailboxes_) {
    error_ = AddressError::too_many;
    return false;
  }
  mailboxes_.push_back(std::move(mailbox));
  return true;
}

}  // namespace

std::string_view format_address_error(AddressError error) {
  switch (error) {
    case AddressError::empty:
      return "no mailbox";
    case AddressError::syntax:
      return "not a list of addresses";
    case AddressError::bad_character:
      return "a control character or invalid UTF-8";
    case AddressError::too_deep:
      return "comments nested too deep";
    case AddressError::too_many:
      return "too many mailboxes";
  }
  std::unreachable();
}

std::expected<std::vector<Mailbox>, AddressError> parse_address_list(std::string_view value,
                                                                     const AddressLimits& limits) {
  if (!is_clean_value(value)) {
    return std::unexpected(AddressError::bad_character);
  }
  AddressParser parser(value, limits.comment_depth, limits.mailboxes);
  if (!parser.take_address_list()) {
    return std::unexpected(parser.error());
  }
  return std::move(parser.mailboxes());
}

std::expected<std::optional<Mailbox>, AddressError> parse_path(std::string_view path) {
  if (std::ranges::any_of(path, is_control) || !is_valid_utf8(path)) {
    return std::unexpected(AddressError::bad_character);
  }
  if (path.starts_with('<') && path.ends_with('>')) {
    path = path.substr(1, path.size() - 2);
  }
  if (path.empty()) {
    return std::nullopt;
  }
  AddressParser parser(path, std::nullopt, 1);
  if (!parser.take_path() || !parser.at_end()) {
    return std::unexpected(parser.error());
  }
  return std::move(parser.mailboxes().front());
}

}  // namespace sekisho::mail
