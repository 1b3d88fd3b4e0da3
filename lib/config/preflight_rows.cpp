// Section [preflight].
#include "config/option_row.hpp"
#include "dns/ip_address.hpp"
#include "mail/domain.hpp"
#include "preflight/options.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>

namespace sekisho::config {

template <>
struct Words<preflight::Mode> {
  static constexpr std::array<Word<preflight::Mode>, 3> all{{{"off", preflight::Mode::off},
                                                             {"note", preflight::Mode::note},
                                                             {"refuse", preflight::Mode::refuse}}};
};

namespace {

Check<std::vector<std::string>> each(const std::function<bool(const std::string&)>& is_valid,
                                     const std::string& expected) {
  return [is_valid, expected](const std::vector<std::string>& texts) -> std::optional<std::string> {
    return std::ranges::all_of(texts, is_valid) ? std::nullopt : std::optional(expected);
  };
}

std::optional<std::string> check_helo(const std::string& text) {
  return text.empty() || mail::Domain::parse(text)
             ? std::nullopt
             : std::optional<std::string>("the full name of a host");
}

}  // namespace

void add_preflight_rows(std::vector<Option>& table) {
  table.push_back(row(
      "preflight.mode", [](auto& o) -> auto& { return o.preflight.mode; },
      "Check what users submit, as large receivers would: only log, or refuse."));
  table.push_back(row(
      "preflight.refuse", [](auto& o) -> auto& { return o.preflight.refuse; },
      "Errors to refuse in mode refuse; msgid.* stands for all that begin with msgid.",
      each([](const std::string& text) { return preflight::is_pattern(text); },
           R"(ids of findings, such as ["from.*", "line.998"])")));
  table.push_back(row(
      "preflight.outbound_addresses",
      [](auto& o) -> auto& { return o.preflight.outbound_addresses; },
      "Addresses that mail leaves from, as receivers see them; empty: SPF is not checked.",
      each([](const std::string& text) { return dns::IpAddress::parse(text).has_value(); },
           R"(addresses such as ["192.0.2.1", "2001:db8::1"])")));
  table.push_back(row(
      "preflight.helo", [](auto& o) -> auto& { return o.preflight.helo; },
      "Name that the mail server gives in HELO; empty: it is not checked.",
      Check<std::string>(check_helo)));
  table.push_back(row(
      "preflight.receivers", [](auto& o) -> auto& { return o.preflight.receivers; },
      "Receivers to judge as; empty: those of the recipients."));
  table.push_back(row(
      "preflight.repair", [](auto& o) -> auto& { return o.preflight.repair; },
      "What to put right in submitted mail: message-id, date, unsubscribe.",
      each([](const std::string& text) { return preflight::parse_repair(text).has_value(); },
           R"(words of "message-id", "date" and "unsubscribe")")));
  table.push_back(row(
      "preflight.count", [](auto& o) -> auto& { return o.preflight.count; },
      "Count what is sent to large receivers, whose rules for bulk senders begin at a number."));
  table.push_back(row(
      "preflight.rules", [](auto& o) -> auto& { return o.preflight.rules; },
      "File with the rules of the receivers; empty: the installed one."));
}

}  // namespace sekisho::config
