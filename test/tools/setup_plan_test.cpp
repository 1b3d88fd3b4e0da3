#include "test/tools/setup_facts.hpp"
#include "tools/setup/drop_ins.hpp"
#include "tools/setup/plan.hpp"
#include "tools/setup/plan_text.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::tools::setup;
using Catch::Contains;

namespace {

std::string commands_of(const Facts& facts, const Choices& choices = {}) {
  std::string text;
  for (const Step& step : make_plan(facts, choices).steps) {
    for (const Change& change : step.changes) {
      const std::string line = describe_change(change, facts);
      text += line.substr(0, line.find('\n')) + "\n";
    }
  }
  return text;
}

std::string text_of(const Facts& facts, const Choices& choices = {}) {
  return format_steps(make_plan(facts, choices), facts, false);
}

// A host on which setup has run: nothing is left to be done by it.
Facts finished_host() {
  Postconf postconf{.milters = "unix:sekisho/sekisho.sock"};
  postconf.main +=
      "message_reject_characters = \\0\nsmtpd_forbid_bare_newline = normalize\n"
      "non_smtpd_milters = $smtpd_milters\n";
  Facts facts = host_facts(postconf);
  facts.configuration.options.socket = "unix:/var/spool/postfix/sekisho/sekisho.sock";
  facts.own_names = {"unix:sekisho/sekisho.sock"};
  facts.configuration.options.policy.dry_run = true;
  facts.domains[0].keys = {key_facts(crypto::KeyType::rsa, true),
                           key_facts(crypto::KeyType::ed25519, true)};
  return facts;
}

}  // namespace

TEST_CASE("on a fresh host, setup does everything", "[setup]") {
  CHECK(commands_of(host_facts()) ==
        "make the key /etc/sekisho/keys/example.org/202612-rsa.pem (rsa)\n"
        "make the key /etc/sekisho/keys/example.org/202612-ed25519.pem (ed25519)\n"
        "write /etc/sekisho/conf.d/60-sign-example.org.toml\n"
        "write /etc/sekisho/conf.d/50-setup.toml\n"
        "systemctl restart sekishod\n"
        "postconf -e smtpd_milters=unix:sekisho/sekisho.sock\n"
        "postconf -e non_smtpd_milters=unix:sekisho/sekisho.sock\n"
        "postconf -e 'message_reject_characters=\\0'\n"
        "postconf -e smtpd_forbid_bare_newline=normalize\n"
        "postfix reload\n");
}

TEST_CASE("on a host that is set up, nothing is done", "[setup]") {
  const Facts facts = finished_host();
  CHECK(commands_of(facts).empty());
  CHECK_THAT(text_of(facts), Contains("done      keys           example.org signs with r, e\n"));
  CHECK_THAT(text_of(facts), Contains("by hand   DNS records    publish DKIM at r._domainkey"));
}

TEST_CASE("the configuration follows the host", "[setup]") {
  struct Row {
    const char* what;
    std::function<void(Facts&, Choices&)> change;
    const char* expected;
  };
  const auto row = GENERATE(values<Row>({
      {"a port becomes a socket that only Postfix reaches", [](Facts&, Choices&) {},
       "socket unix:/var/spool/postfix/sekisho/sekisho.sock, authserv_id mx.example.org, "
       "policy.dry_run"},
      {"mail is refused at once", [](Facts&, Choices& choices) { choices.enforce = true; },
       "socket unix:/var/spool/postfix/sekisho/sekisho.sock, authserv_id mx.example.org\n"},
      {"the socket's folder is missing",
       [](Facts& facts, Choices&) { facts.has_socket_folder = false; },
       "make the folder /var/spool/postfix/sekisho for sekisho and the group postfix"},
      {"a queue into which the unit may not write",
       [](Facts& facts, Choices&) { facts.postfix->wiring.queue_directory = "/srv/queue"; },
       "socket inet:8891@127.0.0.1"},
      {"without a unit, any queue will do",
       [](Facts& facts, Choices&) {
         facts.postfix->wiring.queue_directory = "/srv/queue";
         facts.daemon = DaemonState::unmanaged;
       },
       "socket unix:/srv/queue/sekisho/sekisho.sock"},
      {"a name without a dot", [](Facts& facts, Choices&) { facts.host_name = "mx"; },
       "conflict  configuration  the name of this host is mx, which is not a full host name"},
      {"a name that is given",
       [](Facts& facts, Choices& choices) {
         facts.host_name = "mx";
         choices.authserv_id = "mail.example.org";
       },
       "authserv_id mail.example.org"},
      {"a domain above the host stays",
       [](Facts& facts, Choices&) { facts.configuration.options.authserv_id = "example.org"; },
       "authserv_id example.org"},
      {"a configuration that cannot be loaded",
       [](Facts& facts, Choices&) { facts.configuration.problem = "line 3: what?"; },
       "conflict  configuration  line 3: what?\n"},
      {"a drop-in that does not take effect",
       [](Facts& facts, Choices&) {
         facts.configuration.written["/etc/sekisho/conf.d/50-setup.toml"] = format_host_options(
             {"unix:/var/spool/postfix/sekisho/sekisho.sock", "mx.example.org", true});
       },
       "conflict  configuration  /etc/sekisho/conf.d/50-setup.toml is overridden"},
      {"a daemon that is not running",
       [](Facts& facts, Choices&) { facts.daemon = DaemonState::stopped; },
       "systemctl enable --now sekishod"},
      {"no unit", [](Facts& facts, Choices&) { facts.daemon = DaemonState::unmanaged; },
       "by hand   daemon         start sekishod again"},
  }));
  CAPTURE(row.what);
  Facts facts = host_facts();
  Choices choices;
  row.change(facts, choices);
  CHECK_THAT(text_of(facts, choices), Contains(row.expected));
}

TEST_CASE("a host in use is not put into dry run, and an end of it is possible", "[setup]") {
  Facts facts = host_facts({.milters = "inet:127.0.0.1:8891"});
  CHECK_THAT(text_of(facts), !Contains("policy.dry_run"));
  CHECK_THAT(commands_of(facts), Contains("smtpd_milters=unix:sekisho/sekisho.sock\n"));

  facts = finished_host();
  CHECK(commands_of(facts, {.enforce = true}) ==
        "write /etc/sekisho/conf.d/50-setup.toml\nsystemctl restart sekishod\n");
}

TEST_CASE("keys of a further domain are taken by a restart", "[setup]") {
  Facts facts = finished_host();
  facts.domains.push_back(domain_facts("example.net"));
  CHECK_THAT(commands_of(facts), Contains("write /etc/sekisho/conf.d/60-sign-example.net.toml\n"
                                          "systemctl restart sekishod\n"));
}

TEST_CASE("Postfix is not changed while the configuration is in conflict", "[setup]") {
  Facts facts = host_facts();
  facts.host_name = "mx";
  CHECK_THAT(commands_of(facts), !Contains("postconf"));
}

TEST_CASE("OpenDKIM at the usual port is not taken for Sekisho", "[setup]") {
  Facts facts = host_facts({.milters = "inet:localhost:8891"});
  facts.own_names.clear();
  facts.others = {{OtherProgram::opendkim, "inet:localhost:8891"}};
  CHECK_THAT(commands_of(facts),
             Contains("'smtpd_milters=unix:sekisho/sekisho.sock, inet:localhost:8891'"));
  CHECK_THAT(text_of(facts), Contains("policy.dry_run"));
}

TEST_CASE("Postfix is changed where it has to be", "[setup]") {
  struct Row {
    const char* what;
    Postconf postconf;
    const char* expected;
    const char* absent;
  };
  const std::string both =
      "smtp       inet  n       -       y       -       -       smtpd\n"
      "submission inet  n       -       y       -       -       smtpd\n";
  const auto row = GENERATE_COPY(values<Row>({
      {"other milters stay",
       {.milters = "inet:localhost:11332"},
       "'smtpd_milters=unix:sekisho/sekisho.sock, inet:localhost:11332'",
       "postconf -P"},
      {"a list that follows the other",
       {.main = "non_smtpd_milters = $smtpd_milters\n"},
       "postconf -e smtpd_milters=",
       "postconf -e non_smtpd_milters"},
      {"settings of the postmaster stay",
       {.main = "message_reject_characters =\nsmtpd_forbid_bare_newline = yes\n"},
       "postconf -e smtpd_milters=",
       "normalize"},
      {"an old Postfix cannot normalize",
       {.version = "3.7.9"},
       "message_reject_characters",
       "normalize"},
      {"a new one does by default", {.version = "3.9.1"}, "message_reject_characters", "normalize"},
      {"submission is marked",
       {.services = both},
       "postconf -P submission/inet/milter_macro_daemon_name=ORIGINATING",
       "-P smtp"},
      {"it is marked already",
       {.services = both,
        .service_parameters = "submission/inet/milter_macro_daemon_name = ORIGINATING\n"},
       "mail at submission counts as that of your users",
       "postconf -P"},
      {"it has another name",
       {.services = both, .service_parameters = "submission/inet/milter_macro_daemon_name = MSA\n"},
       "conflict  submission     submission has milter_macro_daemon_name=MSA",
       "postconf -P"},
      {"it asks no milter",
       {.services = both, .service_parameters = "submission/inet/smtpd_milters =\n"},
       "submission asks no milter",
       "postconf -P"},
      {"it asks others",
       {.services = both, .service_parameters = "submission/inet/smtpd_milters = inet:h:1\n"},
       "'submission/inet/smtpd_milters=unix:sekisho/sekisho.sock, inet:h:1'",
       "-P smtp"},
      {"the smtpd behind a filter is left alone",
       {.services = both + "127.0.0.1:10025 inet n - y - - smtpd\n",
        .service_parameters = "127.0.0.1:10025/inet/smtpd_milters =\n"},
       "postconf -P submission",
       "10025"},
      {"no submission", {}, "offers no submission service", "postconf -M"},
      {"default action",
       {.more_values = "milter_default_action = accept\n"},
       "milter_default_action is accept",
       "-e milter_default_action"},
      {"old protocol",
       {.more_values = "milter_protocol = 2\n"},
       "milter_protocol is 2",
       "-e milter_protocol"},
  }));
  CAPTURE(row.what);
  const std::string text = text_of(host_facts(row.postconf));
  CHECK_THAT(text, Contains(row.expected));
  CHECK_THAT(text, !Contains(row.absent));
}

TEST_CASE("submission is added if it is wanted", "[setup]") {
  const std::string commands = commands_of(host_facts(), {.submission = true});
  CHECK_THAT(commands, Contains("postconf -M 'submission/inet=submission inet n - y - - smtpd "));
  CHECK_THAT(commands, Contains("-o milter_macro_daemon_name=ORIGINATING"));
}

TEST_CASE("keys are made once", "[setup]") {
  Facts facts = host_facts();
  facts.domains[0].keys = {key_facts(crypto::KeyType::rsa, false)};
  CHECK_THAT(commands_of(facts), !Contains("202612-rsa"));
  CHECK_THAT(commands_of(facts), Contains("202612-ed25519.pem"));
  CHECK_THAT(text_of(facts), Contains("key_file = \"/etc/sekisho/keys/example.org/r.pem\""));

  facts.domains[0].unreadable = "/k.pem: cannot be opened";
  CHECK_THAT(text_of(facts), Contains("conflict  keys           /k.pem: cannot be opened"));

  facts = host_facts();
  facts.configuration.options.signing.keys.key_table = "file:/etc/opendkim/KeyTable";
  CHECK_THAT(text_of(facts), Contains("signing.key_table decides"));
  CHECK_THAT(commands_of(facts), !Contains("make the key"));
}

TEST_CASE("other milters, names and the resolver are told", "[setup]") {
  Facts facts = host_facts();
  facts.others = {{OtherProgram::opendkim, "inet:localhost:8892"},
                  {OtherProgram::rspamd, "inet:localhost:11332"},
                  {OtherProgram::unknown, "unix:clamav/s"},
                  {OtherProgram::opendmarc, ""}};
  facts.addresses = {public_address(iprev::ResultCode::fail),
                     public_address(iprev::ResultCode::pass, "a.example")};
  facts.resolver.validation = Validation::does_not_validate;
  const std::string text = text_of(facts);
  for (const char* const expected :
       {"conflict  other milters  OpenDKIM at inet:localhost:8892 signs and verifies mail, too",
        "conflict  other milters  Rspamd at inet:localhost:11332 stays",
        "done      other milters  the milter at unix:clamav/s stays",
        "conflict  other milters  OpenDMARC is not disabled, and Postfix does not ask it",
        "192.0.2.10 has no name that leads back to it (no PTR record)",
        "192.0.2.10 is a.example, and the mail server calls itself mx.example.org",
        "by hand   resolver       the resolver does not validate"}) {
    CHECK_THAT(text, Contains(expected));
  }
  facts.addresses.clear();
  CHECK_THAT(text_of(facts), Contains("this host has no public address"));
}

TEST_CASE("Sendmail and no mail server are told what to do", "[setup]") {
  Facts facts = host_facts();
  facts.postfix.reset();
  CHECK_THAT(text_of(facts), Contains("neither Postfix nor Sendmail is on this host"));
  facts.postfix_problem = "postconf: fatal: bad";
  CHECK_THAT(text_of(facts), Contains("conflict  mail server    postconf: fatal: bad"));
  facts.sendmail = SendmailFacts{"8.17.1.9", "mx.example.org", false};
  facts.mail_server = MailServer::sendmail;
  CHECK_THAT(text_of(facts),
             Contains("INPUT_MAIL_FILTER(`sekisho', `S=inet:8891@127.0.0.1, F=T')"));
  facts.sendmail->names_sekisho = true;
  CHECK_THAT(text_of(facts), Contains("done      mail server    Sendmail asks Sekisho"));
}
