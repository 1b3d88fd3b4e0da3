#include "report/recipients/destination.hpp"

#include "dmarc/report_uri.hpp"
#include "mail/ascii.hpp"
#include "mail/local_part.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace sekisho::report::recipients {

namespace {

constexpr std::string_view mailto = "mailto:";

// A local part without quotation marks, which SMTP carries as it is.
bool is_plain_local_part(std::string_view text) {
  return !text.starts_with('"') && mail::is_local_part(text) &&
         std::ranges::none_of(text, mail::is_eight_bit);
}

// `text` is encoded well: is_report_uri() has seen to it.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned octet = 0;
    std::from_chars(text.data() + i + 1, text.data() + i + 3, octet, 16);
    decoded += static_cast<char>(octet);
    i += 2;
  }
  return decoded;
}

// "k", "m", "g" and "t" stand for powers of 2^10; without one it is octets (RFC 7489 §6.2).
std::uint64_t octets_of(std::string_view size) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t octets = 0;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), octets);
  const std::string_view unit = size.substr(static_cast<std::size_t>(end - size.data()));
  const std::size_t power =
      unit.empty() ? 0 : std::string_view("kmgt").find(mail::to_lower(unit.front())) + 1;
  const unsigned shift = static_cast<unsigned>(power) * 10U;
  return error != std::errc{} || octets > most >> shift ? most : octets << shift;
}

}  // namespace

bool is_plain_address(std::string_view address) {
  constexpr std::size_t max_local_part = 64;
  constexpr std::size_t max_address = 254;
  const auto at = address.find('@');
  if (at == address.npos || at > max_local_part || address.size() > max_address) {
    return false;
  }
  const auto domain = mail::Domain::parse(address.substr(at + 1));
  return is_plain_local_part(address.substr(0, at)) && domain &&
         domain->text().size() == address.size() - at - 1;
}

std::expected<Destination, std::string> parse_destination(std::string_view uri) {
  if (!dmarc::is_report_uri(uri)) {
    return std::unexpected("not a valid URI");
  }
  if (!mail::equals_ignoring_case(uri.substr(0, mailto.size()), mailto)) {
    return std::unexpected("not a mailto: URI");
  }
  const auto size_mark = uri.find('!');
  std::string_view mailbox = uri.substr(0, size_mark).substr(mailto.size());
  mailbox = mailbox.substr(0, mailbox.find('?'));
  const auto at = mailbox.find('@');
  const auto host = mail::Domain::parse(mailbox.substr(at + 1));
  if (!host) {
    return std::unexpected("not a valid URI");
  }
  const std::string address = percent_decoded(mailbox.substr(0, at)) + '@' + host->text();
  if (!is_plain_address(address)) {
    return std::unexpected("its local part is not a plain one");
  }
  Destination destination{address, *host, std::nullopt};
  if (size_mark != uri.npos) {
    destination.max_octets = octets_of(uri.substr(size_mark + 1));
  }
  return destination;
}

}  // namespace sekisho::report::recipients
