#include "migrate/opendkim_origin.hpp"

#include "migrate/milter_options.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::migrate {

namespace {

std::vector<std::string> values_of(const Member& member) {
  std::vector<std::string> values;
  for (const auto& value : std::views::split(std::string_view(member.value), '|')) {
    if (!value.empty()) {
      values.emplace_back(std::string_view(value));
    }
  }
  return values;
}

// Adds the daemons that a member names. What opendkim makes of one was seen at its milter socket:
// of `name=value1|value2` one of the values has to be the macro's, a name alone has to be set, and
// a name in braces or with a bar is no macro's.
void add_macro(const Member& member, const Statement& statement, Conversion& conversion,
               std::vector<std::string>& daemons) {
  Draft& draft = conversion.draft();
  const std::vector<std::string> values = values_of(member);
  if (member.name.find_first_of("{}|") != std::string::npos) {
    draft.note(NoteKind::needless, statement,
               member.text + ": no macro has this name, so that it never matched");
  } else if (member.name == "auth_type" || member.name == "auth_authen") {
    draft.note(NoteKind::needless, statement,
               member.text + ": mail of those who log in is always ours");
  } else if (member.name != "daemon_name") {
    draft.note(NoteKind::lost, statement,
               member.text + ": of the macros only daemon_name is compared");
  } else if (values.empty()) {
    draft.note(NoteKind::lost, statement,
               member.text +
                   ": mail of every daemon would be ours; name those that take in our "
                   "own mail, as in daemon_name=ORIGINATING");
  } else {
    std::ranges::copy(values, std::back_inserter(daemons));
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

// MTA and MacroList name daemons. Where both do, opendkim asks MacroList alone.
void convert_daemons(const Statement& statement, Conversion& conversion) {
  std::vector<std::string> daemons;
  if (const Statement* const macros = conversion.find("MacroList")) {
    if (const auto set = conversion.data_set(*macros)) {
      for (const Member& member : set->members) {
        add_macro(member, *macros, conversion, daemons);
      }
    }
  }
  const Statement* const mta = conversion.find("MTA");
  if (mta != nullptr && daemons.empty()) {
    if (const auto set = conversion.data_set(*mta)) {
      std::ranges::transform(set->members, std::back_inserter(daemons), &Member::text);
    }
  } else if (mta == &statement) {
    conversion.draft().note(NoteKind::needless, statement,
                            "MacroList names daemons, and takes its place");
    return;
  }
  if (!daemons.empty() || mta == &statement) {
    conversion.draft().set("signing.daemons", quoted(daemons), statement);
  }
}

}  // namespace sekisho::migrate
