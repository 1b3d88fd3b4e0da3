#include "migrate/opendkim_origin.hpp"

#include "mail/ascii.hpp"
#include "migrate/milter_options.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::migrate {

namespace {

// {daemon_name} out of "daemon_name|ORIGINATING|SUBMISSION".
void add_macro(const Member& member, const Statement& statement, Conversion& conversion,
               std::vector<std::string>& daemons) {
  const std::string_view text = member.text;
  const std::size_t bar = std::min(text.find('|'), text.size());
  std::string_view name = text.substr(0, bar);
  if (name.starts_with('{') && name.ends_with('}')) {
    name = name.substr(1, name.size() - 2);
  }
  std::string_view values = text.substr(std::min(bar + 1, text.size()));
  const bool is_login = name == "auth_type" || name == "auth_authen";
  if (is_login && values.empty()) {
    conversion.draft().note(NoteKind::needless, statement,
                            member.text + ": mail of those who log in is always ours");
  } else if (name != "daemon_name" || values.empty()) {
    conversion.draft().note(NoteKind::lost, statement,
                            member.text + ": of the macros only daemon_name is compared");
  }
  while (name == "daemon_name" && !values.empty()) {
    const std::size_t end = std::min(values.find('|'), values.size());
    daemons.emplace_back(values.substr(0, end));
    values.remove_prefix(std::min(end + 1, values.size()));
  }
}

}  // namespace

void convert_internal_hosts(const Statement& statement, Conversion& conversion) {
  const auto hosts = hosts_of(statement, conversion);
  if (!hosts) {
    return;
  }
  std::vector<std::string> networks;
  for (const dns::Network& network : hosts->networks) {
    if (network.prefix_length == 0) {
      conversion.draft().note(NoteKind::lost, statement,
                              network.text() +
                                  ": the whole world would be ours, and nothing "
                                  "would be verified; name your own networks");
    } else {
      networks.push_back(network.text());
    }
  }
  for (const std::string& name : hosts->names) {
    conversion.draft().note(NoteKind::lost, statement,
                            name +
                                ": internal_networks takes addresses, which nobody can feign, "
                                "and no names; add those of the host");
  }
  conversion.draft().set("signing.internal_networks", quoted(networks), statement);
}

// MTA and MacroList name daemons, either of them or both.
void convert_daemons(const Statement& statement, Conversion& conversion) {
  std::vector<std::string> daemons;
  if (const Statement* const mta = conversion.find("MTA")) {
    if (const auto set = conversion.data_set(*mta)) {
      std::ranges::transform(set->members, std::back_inserter(daemons), &Member::text);
    }
  }
  if (const Statement* const macros = conversion.find("MacroList")) {
    if (const auto set = conversion.data_set(*macros)) {
      for (const Member& member : set->members) {
        add_macro(member, *macros, conversion, daemons);
      }
    }
  }
  if (!daemons.empty() || mail::equals_ignoring_case(statement.name, "MTA")) {
    conversion.draft().set("signing.daemons", quoted(daemons), statement);
  }
}

}  // namespace sekisho::migrate
