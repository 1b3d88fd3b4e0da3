// The policy server policyd-spf, from spf-engine 3.0: policyd-spf.conf(5).
#include "mail/domain.hpp"
#include "migrate/conversion.hpp"
#include "migrate/milter_options.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sekisho::migrate {

namespace {

using Results = std::vector<std::string>;

// What each word of HELO_reject and Mail_From_reject refuses.
std::optional<Results> refused_by(std::string_view word) {
  if (word == "Fail" || word == "Null") {
    return Results{"fail"};
  }
  if (word == "Softfail") {
    return Results{"fail", "softfail"};
  }
  if (word == "SPF_Not_Pass") {
    return Results{"fail", "softfail", "neutral", "permerror"};
  }
  if (word == "False" || word == "No_Check") {
    return Results{};
  }
  return std::nullopt;
}

// What SPF may not refuse, for hosts that are trusted.
const Results not_passed{"fail", "softfail", "neutral", "permerror", "temperror"};

bool contains(const Results& results, std::string_view result) {
  return std::ranges::find(results, result) != results.end();
}

bool is_test(const Conversion& conversion) {
  return conversion.value_of("TestOnly", "1") == "0" ||
         conversion.value_of("defaultSeedOnly", "1") == "0";
}

// True, where nothing is to be made of the statement, since nothing was refused.
bool is_moot(const Statement& statement, Conversion& conversion) {
  if (is_test(conversion)) {
    conversion.draft().note(NoteKind::needless, statement, "TestOnly = 0: nothing was refused");
  }
  return is_test(conversion);
}

using Conditions = std::vector<std::pair<std::string, std::vector<std::string>>>;

void add_rule(const std::string& name, const Conditions& conditions, const char* action,
              const Statement& statement, Conversion& conversion) {
  const std::vector<std::string> origin{format_origin(statement)};
  Entry rule{"rule", {{"name", quoted(name), origin}}};
  for (const auto& [condition, entries] : conditions) {
    rule.lines.push_back({condition, quoted(entries), origin});
  }
  rule.lines.push_back({"action", quoted(std::string(action)), origin});
  conversion.draft().add(std::move(rule), statement);
}

// A rule that refuses would refuse mail of the host itself, too, where the options of [policy] do
// not; skip_addresses spared it, unless it said otherwise.
void refuse(const Conditions& conditions, const char* action, const Statement& statement,
            Conversion& conversion) {
  const std::string own = "the host itself";
  if (!conversion.draft().has_rule(quoted(own))) {
    const Statement* const skip = conversion.find("skip_addresses");
    const Statement by_default{"policyd-spf's default of skip_addresses", "", {}};
    add_rule(own, {{"client", {"127.0.0.0/8", "::1"}}, {"spf", not_passed}}, "accept",
             skip == nullptr ? by_default : *skip, conversion);
  }
  add_rule(statement.name, conditions, action, statement, conversion);
}

void set_measure(const char* option, bool is_refused, const Statement& statement,
                 Conversion& conversion) {
  conversion.draft().set(option, quoted(std::string(is_refused ? "reject" : "mark")), statement);
}

void convert_test_only(const Statement& statement, Conversion& conversion) {
  if (!is_test(conversion)) {
    conversion.draft().note(NoteKind::needless, statement, "the other options say what is refused");
    return;
  }
  set_measure("policy.spf_on_fail", false, statement, conversion);
}

void convert_mail_from_reject(const Statement& statement, Conversion& conversion) {
  if (is_moot(statement, conversion)) {
    return;
  }
  const auto refused = refused_by(statement.value);
  if (!refused) {
    conversion.draft().fail(statement, "none of Fail, Softfail, SPF_Not_Pass, False, No_Check");
    return;
  }
  set_measure("policy.spf_on_fail", contains(*refused, "fail"), statement, conversion);
  set_measure("policy.spf_on_softfail", contains(*refused, "softfail"), statement, conversion);
  if (contains(*refused, "permerror")) {
    set_measure("policy.spf_on_permerror", true, statement, conversion);
  }
  if (contains(*refused, "neutral")) {
    refuse({{"spf", {"neutral"}}}, "reject", statement, conversion);
  }
}

// SPF of HELO stands for the sender where that is null, and for nothing else.
void convert_helo_reject(const Statement& statement, Conversion& conversion) {
  if (is_moot(statement, conversion)) {
    return;
  }
  auto refused = refused_by(statement.value);
  if (!refused) {
    conversion.draft().fail(statement,
                            "none of Fail, Null, Softfail, SPF_Not_Pass, False, No_Check");
    return;
  }
  const auto of_sender = refused_by(conversion.value_of("Mail_From_reject", "Fail"));
  if (refused->empty() && of_sender && !of_sender->empty()) {
    conversion.draft().note(NoteKind::lost, statement,
                            "mail with the null sender is judged by HELO as Mail_From_reject says");
  } else if (!refused->empty() && statement.value != "Null") {
    conversion.draft().note(NoteKind::lost, statement,
                            "SPF of HELO decides where the sender is null, and only there");
  }
  std::erase_if(*refused, [&](const std::string& result) {
    return of_sender && contains(*of_sender, result);
  });
  if (!refused->empty()) {
    refuse({{"sender", {"<>"}}, {"spf", *refused}}, "reject", statement, conversion);
  }
}

void convert_permerror_reject(const Statement& statement, Conversion& conversion) {
  if (is_moot(statement, conversion)) {
    return;
  }
  const auto of_sender = refused_by(conversion.value_of("Mail_From_reject", "Fail"));
  if (statement.value != "True" || !of_sender || of_sender->empty()) {
    conversion.draft().note(NoteKind::needless, statement,
                            "a broken SPF record is not refused by default");
    return;
  }
  set_measure("policy.spf_on_permerror", true, statement, conversion);
}

void convert_temperror_defer(const Statement& statement, Conversion& conversion) {
  if (is_moot(statement, conversion)) {
    return;
  }
  if (statement.value != "True") {
    conversion.draft().note(NoteKind::needless, statement,
                            "a missing answer about SPF alone turns nothing away");
    return;
  }
  refuse({{"spf", {"temperror"}}}, "tempfail", statement, conversion);
}

void accept_trusted(const Hosts& hosts, const Statement& statement, Conversion& conversion) {
  for (const Hosts::Odd& odd : hosts.odd) {
    conversion.draft().note(NoteKind::lost, statement, odd.member.text + ": " + odd.reason);
  }
  accept_hosts(hosts, "spf", not_passed, statement, conversion);
  if (!hosts.networks.empty() || !hosts.names.empty()) {
    conversion.draft().note(
        NoteKind::by_hand, statement,
        "the rule accepts what SPF does not vouch for, and DMARC is not asked either; add "
        "dmarc = [\"pass\", \"none\"] to it where that is too much");
  }
}

void convert_whitelist(const Statement& statement, Conversion& conversion) {
  if (!is_moot(statement, conversion)) {
    accept_trusted(sort_hosts(parse_list(statement.value, statement.place)), statement, conversion);
  }
}

// Mail of the host itself is ours, and never judged by SPF.
void convert_skip_addresses(const Statement& statement, Conversion& conversion) {
  Hosts hosts = sort_hosts(parse_list(statement.value, statement.place));
  std::erase_if(hosts.networks, [](const dns::Network& network) {
    return network.contains(dns::IpAddress::v4({127, 0, 0, 1})) ? network.prefix_length >= 8
                                                                : network.text() == "::1/128";
  });
  if (hosts.networks.empty() && hosts.odd.empty() && hosts.names.empty()) {
    conversion.draft().note(NoteKind::needless, statement, "mail of the host itself is ours");
    return;
  }
  if (!is_moot(statement, conversion)) {
    accept_trusted(hosts, statement, conversion);
  }
}

// Names of clients, which have to lead back to their addresses: iprev.
void convert_names(const Statement& statement, bool with_those_below, Conversion& conversion) {
  if (is_moot(statement, conversion)) {
    return;
  }
  Hosts hosts;
  for (const Member& member : parse_list(statement.value, statement.place).members) {
    const auto domain = mail::Domain::parse(member.text);
    if (!domain) {
      hosts.odd.push_back({member, "not a domain"});
      continue;
    }
    hosts.names.push_back(domain->text());
    if (with_those_below) {
      hosts.names.push_back("." + domain->text());
    }
  }
  accept_trusted(hosts, statement, conversion);
}

void convert_helo_whitelist(const Statement& statement, Conversion& conversion) {
  convert_names(statement, false, conversion);
  conversion.draft().note(NoteKind::by_hand, statement,
                          "the name has to be the client's in the DNS, there and back; what HELO "
                          "says is not asked");
}

void convert_ptr_whitelist(const Statement& statement, Conversion& conversion) {
  convert_names(statement, true, conversion);
}

void convert_not_pass_domains(const Statement& statement, Conversion& conversion) {
  if (is_moot(statement, conversion)) {
    return;
  }
  std::vector<std::string> domains;
  for (const Member& member : parse_list(statement.value, statement.place).members) {
    domains.push_back(member.text);
  }
  refuse({{"sender", domains}, {"spf", {"fail", "softfail", "neutral", "permerror"}}}, "reject",
         statement, conversion);
}

void convert_header_type(const Statement& statement, Conversion& conversion) {
  const bool is_received_spf = statement.value.contains("SPF");
  conversion.draft().set("header_received_spf", is_received_spf ? "true" : "false", statement);
  if (statement.value == "None") {
    conversion.draft().note(NoteKind::lost, statement, "every message gets Authentication-Results");
  }
}

void convert_own_authserv_id(const Statement& statement, Conversion& conversion) {
  if (!conversion.value_of("Header_Type", "SPF").contains("AR")) {
    conversion.draft().note(NoteKind::needless, statement, "no field had it with this Header_Type");
    return;
  }
  convert_authserv_id(statement, conversion);
}

void convert_void_limit(const Statement& statement, Conversion& conversion) {
  if (const auto limit = number_of(statement, conversion)) {
    conversion.draft().set("spf.void_lookup_limit", std::to_string(*limit), statement);
  }
}

constexpr std::string_view budget = "message_timeout is the time for all look-ups of a message";
constexpr std::string_view restriction = "classes of restrictions are Postfix's; see [[rule]]";
constexpr std::string_view one_line = "the log has one line for each message, with every result";

constexpr Row rows[] = {
    {"Authserv_Id", Fate::converted, "authserv_id", convert_own_authserv_id},
    {"debugLevel", Fate::needless, one_line},
    {"defaultSeedOnly", Fate::converted, "policy.spf_on_fail", convert_test_only},
    {"Domain_Whitelist", Fate::lost,
     "a client is not looked up in the SPF record of another domain; give a [[rule]] its networks"},
    {"Domain_Whitelist_PTR", Fate::converted, "rule.client_name", convert_ptr_whitelist},
    {"Header_Type", Fate::converted, "header_received_spf", convert_header_type},
    {"HELO_pass_restriction", Fate::lost, restriction},
    {"HELO_reject", Fate::converted, "rule.sender", convert_helo_reject},
    {"HELO_Whitelist", Fate::converted, "rule.client_name", convert_helo_whitelist},
    {"Hide_Receiver", Fate::always, "no field of ours names a recipient"},
    {"InternalHosts", Fate::lost,
     "signing.internal_networks are the one list of hosts that are ours", nullptr, "127.0.0.1"},
    {"IntHosts", Fate::needless, "it is not for the configuration"},
    {"Lookup_Time", Fate::needless, budget},
    {"MacroList", Fate::lost, "signing.daemons names the daemons of the MTA that are ours"},
    {"Mail_From_pass_restriction", Fate::lost, restriction},
    {"Mail_From_reject", Fate::converted,
     "policy.spf_on_fail, policy.spf_on_softfail, policy.spf_on_permerror, rule.spf",
     convert_mail_from_reject},
    {"Mock", Fate::needless, "results do not have to be shown to another milter"},
    {"No_Mail", Fate::lost, "an SPF record is not judged by being only -all", nullptr, "False"},
    {"Per_User", Fate::lost, "a [[rule]] with recipient says what is different for whom"},
    {"PermError_reject", Fate::converted, "policy.spf_on_permerror", convert_permerror_reject},
    {"PidFile", Fate::needless, "the service manager knows the process"},
    {"Prospective", Fate::lost, "only the client that is there is checked"},
    {"QueueID", Fate::always, "the queue id is first in each line of the log"},
    {"Reason_Message", Fate::lost, "policy.reply has the words of a refusal, with other fields"},
    {"Reject_Not_Pass_Domains", Fate::converted, "rule.sender, rule.spf", convert_not_pass_domains},
    {"skip_addresses", Fate::converted, "rule.client", convert_skip_addresses},
    {"Socket", Fate::converted, "socket", convert_socket},
    {"SPF_Enhanced_Status_Codes", Fate::always, "replies have the codes of RFC 7372"},
    {"TempError_Defer", Fate::converted, "rule.spf", convert_temperror_defer},
    {"TestOnly", Fate::converted, "policy.spf_on_fail", convert_test_only},
    {"UMask", Fate::converted, "socket_mode", convert_umask},
    {"UserID", Fate::converted, "user", convert_user},
    {"Void_Limit", Fate::converted, "spf.void_lookup_limit", convert_void_limit},
    {"Whitelist", Fate::converted, "rule.client", convert_whitelist},
    {"Whitelist_Lookup_Time", Fate::needless, budget},
};

constexpr Default defaults[] = {
    {"policy.spf_on_fail", "\"reject\"", "policyd-spf's default of Mail_From_reject"},
    {"header_received_spf", "true", "policyd-spf's default of Header_Type"},
};

}  // namespace

const Program& policyd_spf() {
  static constexpr Program program{
      .name = "policyd-spf",
      .notation = Notation::assignments,
      .rows = rows,
      .shared_rows = {},
      .defaults = defaults,
      .farewell =
          "take the check_policy_service of policyd-spf out of smtpd_recipient_restrictions"};
  return program;
}

}  // namespace sekisho::migrate
