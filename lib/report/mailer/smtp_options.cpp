#include "report/mailer/smtp_options.hpp"

#include "dns/ip_address.hpp"
#include "mail/domain.hpp"

#include <charconv>
#include <system_error>

namespace sekisho::report::mailer {

namespace {

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

}  // namespace

bool is_smarthost(std::string_view text) {
  const bool literal = text.starts_with('[');
  const auto end = literal ? text.find(']') : text.find(':');
  std::string_view host = text.substr(0, end);
  std::string_view rest = end == text.npos ? "" : text.substr(end);
  if (literal) {
    if (rest.empty()) {
      return false;
    }
    host.remove_prefix(1);
    rest.remove_prefix(1);
  }
  const bool valid_host =
      literal ? dns::IpAddress::parse(host).has_value() : mail::Domain::parse(host).has_value();
  return valid_host && (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
}

}  // namespace sekisho::report::mailer
