#include "spf/libspf2_guard.hpp"

#include "spf/inquiry.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::spf {

namespace {

// The library cuts records silently at 511 compiled octets, and holds 255 octets of a literal.
constexpr std::size_t max_compiled_octets = 500;
constexpr std::size_t max_term_octets = 200;
constexpr std::size_t max_session_octets = 255;

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_fit_session_text(std::string_view text) {
  return text.size() <= max_session_octets && is_printable(text);
}

// No less than what the library makes of a term: a header, a header for each stretch between
// macros, prefix lengths, an address.
std::size_t compiled_octets(std::string_view term) {
  constexpr std::size_t header_octets = 8;
  constexpr std::size_t address_octets = 20;
  const auto percents = static_cast<std::size_t>(std::ranges::count(term, '%'));
  const bool has_address = term.contains(':') || term.contains('/');
  return term.size() + header_octets * (2 + 2 * percents) + (has_address ? address_octets : 0);
}

// The library loses a part where there are as many as are asked for: `%{d2}` of `v.example` becomes
// `.example`.
bool counts_parts(const DomainSpec& domain_spec) {
  return domain_spec.use.part_count;
}

bool is_loopback(const dns::IpAddress& client) {
  constexpr std::uint8_t loopback_octet = 127;  // RFC 1122 §3.2.1.3
  return client.is_v4() ? client.octets().front() == loopback_octet
                        : client == dns::IpAddress::parse("::1");
}

}  // namespace

bool is_fit_for_libspf2(const Arguments& arguments) {
  return !is_loopback(arguments.client) && is_plain(arguments.local_part) &&
         is_plain(arguments.helo) &&
         is_fit_session_text(arguments.local_part + '@' + arguments.sender_domain) &&
         is_fit_session_text(arguments.helo) && is_fit_session_text(arguments.receiver);
}

bool is_fit_for_libspf2(std::string_view text, const Record& record) {
  std::size_t octets = 0;
  std::size_t begin = 0;
  while ((begin = text.find_first_not_of(' ', begin)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view term = text.substr(begin, end - begin);
    if (term.size() > max_term_octets) {
      return false;
    }
    octets += compiled_octets(term);
    begin = end;
  }
  // The library follows a redirect where it stands.
  const bool redirects_early = record.redirect && !record.directives.empty() &&
                               record.redirect->text.data() < record.directives.back().text.data();
  return octets <= max_compiled_octets && !redirects_early &&
         !(record.redirect && counts_parts(*record.redirect)) &&
         std::ranges::none_of(record.directives, counts_parts, &Directive::domain_spec);
}

bool is_name_fit_for_libspf2(std::string_view name) {
  return is_askable(name) && is_printable(name);
}

std::size_t count_lookup_terms(const Record& record) {
  const auto directives = std::ranges::count_if(
      record.directives, [](const Directive& term) { return is_lookup_term(term.mechanism); });
  return static_cast<std::size_t>(directives) + (record.redirect ? 1 : 0);
}

}  // namespace sekisho::spf
