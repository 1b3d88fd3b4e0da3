#include "iprev/iprev.hpp"

#include "mail/domain.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace sekisho::iprev {

namespace {

using dns::Answer;
using dns::RecordType;

std::string count_of(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

// Each name once and in the order of the answer. A PTR record may hold any octets; what is no mail
// domain is neither asked for nor printed.
std::vector<mail::Domain> names_of(const Answer& pointers) {
  std::vector<mail::Domain> names;
  for (const dns::HostName* host : pointers.all<dns::HostName>()) {
    const auto name = mail::Domain::parse(host->name);
    if (name && std::ranges::find(names, *name) == names.end()) {
      names.push_back(*name);
    }
  }
  return names;
}

bool holds(const Answer& addresses, const dns::IpAddress& client) {
  return std::ranges::any_of(addresses.all<dns::IpAddress>(),
                             [&client](const auto* address) { return *address == client; });
}

// RFC 8601 §2.7.3: no PTR data is a permerror, a PTR record that names no host a fail.
Result without_names(const Answer& pointers, const dns::IpAddress& client) {
  if (dns::is_temporary(pointers.status)) {
    return {ResultCode::temperror, "",
            "PTR look-up for " + client.text() + ": " +
                std::string(dns::format_status(pointers.status))};
  }
  if (pointers.all<dns::HostName>().empty()) {
    return {ResultCode::permerror, "", "no PTR record for " + client.text()};
  }
  return {ResultCode::fail, "", "no PTR record for " + client.text() + " holds a valid host name"};
}

// What is known when no name led back to the client.
struct Unconfirmed {
  std::string first_name;
  std::size_t asked = 0;
  std::size_t published = 0;
  std::optional<std::string> error;  ///< The first look-up without an answer.
};

Result unconfirmed(const Unconfirmed& names, const dns::IpAddress& client) {
  if (names.error) {
    return {ResultCode::temperror, names.first_name, *names.error};
  }
  std::string reason = "no address of " + names.first_name;
  if (names.asked > 1) {
    reason += " or of " + count_of(names.asked - 1, "other name");
  }
  reason += " is " + client.text();
  if (names.published > names.asked) {
    reason += ", " + count_of(names.published - names.asked, "further name") + " not looked at";
  }
  return {ResultCode::fail, names.first_name, std::move(reason)};
}

}  // namespace

std::string_view format_result_code(ResultCode code) {
  switch (code) {
    case ResultCode::pass:
      return "pass";
    case ResultCode::fail:
      return "fail";
    case ResultCode::temperror:
      return "temperror";
    case ResultCode::permerror:
      return "permerror";
  }
  std::unreachable();
}

dns::Task<Result> check(dns::Lookups lookups, dns::IpAddress client, std::size_t max_names) {
  auto reverse = lookups.lookup(client.reverse_name(), RecordType::ptr);
  const Answer pointers = co_await reverse;
  const std::vector<mail::Domain> names = names_of(pointers);
  if (names.empty()) {
    co_return without_names(pointers, client);
  }

  // Only the client's own family can lead back to it.
  const RecordType type = client.is_v4() ? RecordType::a : RecordType::aaaa;
  Unconfirmed outcome;
  outcome.first_name = names.front().text();
  outcome.published = names.size();
  outcome.asked = std::min(names.size(), std::max<std::size_t>(max_names, 1));
  std::vector<dns::Pending<Answer>> forward;
  forward.reserve(outcome.asked);
  for (std::size_t i = 0; i < outcome.asked; ++i) {
    forward.push_back(lookups.lookup(names[i].text(), type));
  }

  for (std::size_t i = 0; i < outcome.asked; ++i) {
    const Answer addresses = co_await forward[i];
    if (holds(addresses, client)) {
      std::string reason = names[i].text() + " has the address " + client.text();
      Result confirmed{ResultCode::pass, names[i].text(), std::move(reason)};
      co_return confirmed;
    }
    if (dns::is_temporary(addresses.status) && !outcome.error) {
      outcome.error = std::string(dns::format_type(type)) + " look-up of " + names[i].text() +
                      ": " + std::string(dns::format_status(addresses.status));
    }
  }
  co_return unconfirmed(outcome, client);
}

}  // namespace sekisho::iprev
