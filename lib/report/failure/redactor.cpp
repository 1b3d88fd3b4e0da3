#include "report/failure/redactor.hpp"

#include "crypto/hmac.hpp"
#include "mail/address.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace sekisho::report {

namespace {

enum class Treatment : std::uint8_t {
  keep,
  trace,       // keep, but for addresses and logins
  signature,   // trace, without the copied fields of z= (RFC 6376 §3.5)
  media_type,  // without parameters, which name files
  addresses,
  withhold,
};

constexpr std::array<std::pair<std::string_view, Treatment>, 36> treatments{{
    {"message-id", Treatment::keep},
    {"date", Treatment::keep},
    {"mime-version", Treatment::keep},
    {"content-transfer-encoding", Treatment::keep},
    {"auto-submitted", Treatment::keep},
    {"precedence", Treatment::keep},
    {"resent-date", Treatment::keep},
    {"resent-message-id", Treatment::keep},
    {"received", Treatment::trace},
    {"received-spf", Treatment::trace},
    {"authentication-results", Treatment::trace},
    {"arc-authentication-results", Treatment::trace},
    {"arc-seal", Treatment::trace},
    {"list-id", Treatment::trace},
    {"dkim-signature", Treatment::signature},
    {"arc-message-signature", Treatment::signature},
    {"content-type", Treatment::media_type},
    {"from", Treatment::addresses},
    {"sender", Treatment::addresses},
    {"author", Treatment::addresses},
    {"reply-to", Treatment::addresses},
    {"to", Treatment::addresses},
    {"cc", Treatment::addresses},
    {"bcc", Treatment::addresses},
    {"resent-from", Treatment::addresses},
    {"resent-sender", Treatment::addresses},
    {"resent-to", Treatment::addresses},
    {"resent-cc", Treatment::addresses},
    {"resent-bcc", Treatment::addresses},
    {"return-path", Treatment::addresses},
    {"delivered-to", Treatment::addresses},
    {"x-original-to", Treatment::addresses},
    {"envelope-to", Treatment::addresses},
    {"errors-to", Treatment::addresses},
    {"disposition-notification-to", Treatment::addresses},
    {"original-from", Treatment::addresses},
}};

Treatment treatment_of(const mail::HeaderField& field) {
  const auto* const found = std::ranges::find_if(
      treatments, [&](const auto& entry) { return mail::is_named(field, entry.first); });
  return found == treatments.end() ? Treatment::withhold : found->second;
}

// What may stand in a local part without quotes, dots and the octets of UTF-8 included (RFC 5322
// §3.2.3, RFC 6532 §3.2).
bool is_local_character(char c) {
  return mail::is_alphanumeric(c) || mail::is_eight_bit(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~.").contains(c);
}

// Where the local part that ends at `at` begins, not before `from`. The whole of what stands there
// is taken, names of properties before a `=` excepted.
std::size_t begin_of_local_part(std::string_view text, std::size_t from, std::size_t at) {
  if (at > from && text[at - 1] == '"') {
    const auto quote = text.substr(from, at - 1 - from).rfind('"');
    return quote == std::string_view::npos ? from : from + quote;
  }
  std::size_t begin = at;
  while (begin > from && is_local_character(text[begin - 1])) {
    --begin;
  }
  // RFC 8601 §2.7, RFC 7208 §9.1, RFC 6376 §3.5
  constexpr std::array<std::string_view, 11> names{
      "i=",         "smtp.mailfrom=", "smtp.mail=", "smtp.rcptto=",   "smtp.auth=",
      "smtp.helo=", "header.from=",   "header.i=",  "header.sender=", "envelope-from=",
      "identity="};
  for (const std::string_view name : names) {
    if (text.substr(begin, at - begin).starts_with(name)) {
      return begin + name.size();
    }
  }
  return begin;
}

// `text` with what follows each `name` up to a blank or a semicolon given to `replace`. A mailbox
// is left for others.
template <typename Replace>
std::string replace_values(std::string_view text, std::string_view name, const Replace& replace) {
  std::string result;
  for (auto place = text.find(name); place != std::string_view::npos; place = text.find(name)) {
    const std::size_t begin = place + name.size();
    const std::size_t end = std::min(text.find_first_of(" \t;", begin), text.size());
    const std::string_view value = text.substr(begin, end - begin);
    result.append(text.substr(0, begin));
    result.append(value.contains('@') ? std::string(value) : replace(value));
    text.remove_prefix(end);
  }
  return result.append(text);
}

// Comments that tell as whom a client logged in, as Postfix, Exim and Courier write them.
std::string without_logins(std::string_view text) {
  std::string result;
  std::string comment;
  std::size_t depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : 0;
    (depth > 0 ? comment : result) += c;
    if (c == ')' && depth > 0 && --depth == 0) {
      const std::string lower = mail::to_lower(comment);
      result += lower.contains("auth") ? "(withheld)" : comment;
      comment.clear();
    }
  }
  return depth > 0 ? result + "(withheld)" : result;
}

// Whatever tags stand there, whether they are a tag-list or not.
std::string without_copied_fields(std::string_view tags) {
  std::string kept;
  while (!tags.empty()) {
    const auto end = std::min(tags.find(';'), tags.size() - 1);
    const std::string_view tag = tags.substr(0, end + 1);
    const auto begin = tag.find_first_not_of(" \t");
    const bool is_copy =
        begin != std::string_view::npos && mail::to_lower(tag.substr(begin, 1)) == "z";
    kept += is_copy ? "" : tag;
    tags.remove_prefix(end + 1);
  }
  return kept;
}

}  // namespace

std::string Redactor::pseudonym(std::string_view text) const {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t octets = 8;
  const crypto::Bytes code = crypto::hmac_sha256(key_, mail::to_lower(text));
  std::string name;
  for (std::size_t i = 0; i < octets; ++i) {
    name += digits[code[i] >> 4U];
    name += digits[code[i] & 0xFU];
  }
  return name;
}

std::string Redactor::path(std::string_view path) const {
  const auto at = path.rfind('@');
  if (path.empty() || at == std::string_view::npos) {
    return path.empty() ? "" : pseudonym(path);
  }
  return pseudonym(path.substr(0, at)).append(path.substr(at));
}

std::string Redactor::addresses_in(std::string_view text) const {
  std::string result;
  std::size_t done = 0;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const std::size_t begin = begin_of_local_part(text, done, at);
    result.append(text.substr(done, begin - done));
    if (begin < at) {
      result += pseudonym(text.substr(begin, at - begin));
    }
    done = at;
  }
  return result.append(text.substr(done));
}

std::string Redactor::withheld(std::string_view value) const {
  return "[withheld " + pseudonym(value) + "]";
}

std::string Redactor::address_list(std::string_view value) const {
  const auto mailboxes = mail::parse_address_list(value);
  if (!mailboxes) {
    return value.contains("<>") ? "<>" : withheld(value);
  }
  std::string list;
  for (const mail::Mailbox& mailbox : *mailboxes) {
    list += list.empty() ? "" : ", ";
    list += pseudonym(mailbox.local_part) + "@" + mailbox.domain_text;
  }
  return list;
}

std::string Redactor::field(const mail::HeaderField& field) const {
  const std::string value = mail::unfold(field.value);
  const auto pseudonymous = [this](std::string_view word) { return pseudonym(word); };
  switch (treatment_of(field)) {
    case Treatment::keep:
      return value;
    case Treatment::trace:
      return addresses_in(replace_values(without_logins(value), "smtp.auth=", pseudonymous));
    case Treatment::signature:
      return addresses_in(without_copied_fields(value));
    case Treatment::media_type:
      return value.substr(0, value.find(';'));
    case Treatment::addresses:
      return address_list(value);
    case Treatment::withhold:
      return withheld(value);
  }
  std::unreachable();
}

}  // namespace sekisho::report
