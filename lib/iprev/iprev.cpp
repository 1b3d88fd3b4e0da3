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

Result failed(Fault fault, std::string name, std::string_view subject) {
  return {result_of(fault), std::move(name), describe_fault(fault, subject), fault};
}

Result without_names(const Answer& pointers, const dns::IpAddress& client) {
  if (dns::is_temporary(pointers.status)) {
    return failed(Fault::lookup_failed, "",
                  "PTR look-up for " + client.text() + ": " +
                      std::string(dns::format_status(pointers.status)));
  }
  if (pointers.all<dns::HostName>().empty()) {
    return failed(Fault::no_ptr_record, "", client.text());
  }
  return failed(Fault::invalid_host_name, "", client.text());
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
    return failed(Fault::lookup_failed, names.first_name, *names.error);
  }
  std::string subject = names.first_name;
  if (names.asked > 1) {
    subject += " or of " + count_of(names.asked - 1, "other name");
  }
  subject += " is " + client.text();
  if (names.published > names.asked) {
    subject += ", " + count_of(names.published - names.asked, "further name") + " not looked at";
  }
  return failed(Fault::not_confirmed, names.first_name, subject);
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

ResultCode result_of(Fault fault) {
  switch (fault) {
    case Fault::none:
      return ResultCode::pass;
    case Fault::lookup_failed:
      return ResultCode::temperror;
    case Fault::no_ptr_record:
      return ResultCode::permerror;
    case Fault::invalid_host_name:
    case Fault::not_confirmed:
      return ResultCode::fail;
  }
  std::unreachable();
}

std::string describe_fault(Fault fault, std::string_view subject) {
  const std::string text(subject);
  switch (fault) {
    case Fault::none:
      return "";
    case Fault::lookup_failed:
      return text;
    case Fault::no_ptr_record:
      return "no PTR record for " + text;
    case Fault::invalid_host_name:
      return "no PTR record for " + text + " holds a valid host name";
    case Fault::not_confirmed:
      return "no address of " + text;
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
      Result confirmed{ResultCode::pass, names[i].text(), std::move(reason), Fault::none};
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
