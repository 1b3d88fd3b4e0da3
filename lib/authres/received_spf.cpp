#include "authres/received_spf.hpp"

#include "authres/own_name.hpp"
#include "authres/scanner.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace sekisho::authres {

namespace {

bool may_be_told(std::string_view text) {
  constexpr std::size_t longest = 320;  // local part, "@" and domain (RFC 5321 §4.5.3.1)
  return !text.empty() && text.size() <= longest && !holds_encoded_word(text) &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

// key-value-pair: dot-atom / quoted-string. `key=?all` would look like an encoded word.
void add_pair(std::string_view key, std::string_view value, std::string& field) {
  if (!may_be_told(value)) {
    return;
  }
  field += "\r\n\t" + std::string(key) + "=" +
           (is_dot_atom(value) && !value.starts_with('?') ? std::string(value) : quote(value)) +
           ";";
}

bool is_error(spf::ResultCode code) {
  return code == spf::ResultCode::temperror || code == spf::ResultCode::permerror;
}

// What says whose the field is, wherever it stands: what a careless reader finds counts as well.
class Writers {
 public:
  explicit Writers(std::string_view text) : text_(text) {
    find_commented();
    find_receivers();
  }

  [[nodiscard]] const std::vector<std::string_view>& names() const { return names_; }

 private:
  // The one word between an opening parenthesis and the next colon. More words are no name: `domain
  // of user@example.com designates 2001:db8::1`.
  void find_commented() {
    for (std::size_t at = 0; (at = text_.find('(', at)) != std::string_view::npos; ++at) {
      const std::string_view inside = text_.substr(at + 1);
      const std::size_t end = inside.find_first_of("():");
      if (end == std::string_view::npos || inside[end] != ':') {
        continue;
      }
      const std::string_view name = mail::trimmed(inside.substr(0, end));
      if (!name.contains(' ')) {
        names_.push_back(name);
      }
    }
  }

  void find_receivers() {
    constexpr std::string_view key = "receiver";
    const std::string lower = mail::to_lower(text_);
    for (std::size_t at = 0; (at = lower.find(key, at)) != std::string::npos;) {
      at += key.size();
      const std::size_t equals = text_.find_first_not_of(' ', at);
      if (equals != std::string_view::npos && text_[equals] == '=') {
        const std::string_view value = text_.substr(equals + 1);
        names_.push_back(value.substr(0, value.find(';')));
      }
    }
  }

  std::string_view text_;
  std::vector<std::string_view> names_;
};

}  // namespace

std::optional<std::string> format_received_spf(const findings::Findings& findings,
                                               const std::string& receiver) {
  if (!findings.spf_mail_from || !findings.client.address) {
    return std::nullopt;
  }
  const spf::Result& spf = *findings.spf_mail_from;
  const bool by_helo = spf.identity == spf::Identity::helo;
  const std::string client = findings.client.address->text();
  const std::string about = may_be_told(spf.domain) && is_dot_atom(spf.domain)
                                ? " for " + spf.domain + ", client " + client
                                : ", client " + client;
  std::string field = " " + std::string(spf::format_result_code(spf.code)) + " (" + receiver +
                      ": result of SPF" + about + ")";
  add_pair("receiver", receiver, field);
  add_pair("identity", by_helo ? "helo" : "mailfrom", field);
  add_pair("client-ip", client, field);
  add_pair("envelope-from", findings.envelope.sender, field);
  add_pair("helo", findings.client.helo, field);
  add_pair("mechanism", spf.mechanism.empty() ? "default" : spf.mechanism, field);
  if (is_error(spf.code)) {
    add_pair("problem", spf.reason, field);
  }
  field.pop_back();  // the last semicolon
  return field;
}

bool claims_received_spf(std::string_view value, std::span<const std::string> names) {
  constexpr std::size_t most_writers = 10;
  if (value.size() > max_head_octets) {
    return true;
  }
  const std::string text = with_blanks_only(value);
  const Writers writers(text);
  if (writers.names().size() > most_writers) {
    return true;
  }
  return std::ranges::any_of(writers.names(), [&](std::string_view writer) {
    return holds_encoded_word(writer) || std::ranges::any_of(names, [&](const std::string& name) {
             return !name.empty() && OwnName(name).may_be_in(writer);
           });
  });
}

}  // namespace sekisho::authres
