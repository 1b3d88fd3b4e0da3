// The daemon as a signer: macros of the MTA, keys in the DNS, and a new configuration while it
// runs.
#include "keys/key_folder.hpp"
#include "keys/publication.hpp"
#include "milter/daemon_fixture.hpp"

#include <algorithm>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <libmilter/mfdef.h>

using namespace sekisho::test;
using Catch::Contains;
using sekisho::keys::KeyFolder;

namespace {

std::string sign_table(const KeyFolder& folder, const std::string& selector = "s1") {
  return "[[sign]]\ndomain = \"example.org\"\nselector = \"" + selector + "\"\nkey_file = \"" +
         folder.path("key.pem") + "\"\n";
}

std::string zone_with(const KeyFolder& folder) {
  return DaemonFixture::zone() + "s1._domainkey.example.org. TXT \"" +
         sekisho::keys::format_key_record(folder.key) + "\"\n";
}

/// A message of a user who logged in.
Outcome submit(const DaemonFixture& fixture) {
  MilterClient client(fixture.daemon.socket());
  static_cast<void>(client.negotiate());
  client.connect();
  client.helo();
  client.macros(SMFIC_MAIL, {{"{auth_authen}", "alice"}});
  return client.send(plain());
}

bool is_signed(const Outcome& outcome) {
  return std::ranges::any_of(outcome.edits, [](const HeaderEdit& edit) {
    return edit.kind == HeaderEdit::Kind::insert && edit.name == "DKIM-Signature" &&
           edit.value.find("d=example.org") != std::string::npos;
  });
}

}  // namespace

TEST_CASE("what a user sends is signed, and the log says so", "[socket]") {
  const KeyFolder folder;
  const DaemonFixture fixture(zone_with(folder), {}, sign_table(folder));
  CHECK(is_signed(submit(fixture)));
  CHECK_THAT(fixture.daemon.log(),
             Contains("login=alice") && Contains("dkim=signed d=example.org s=s1"));
  CHECK(fixture.daemon.wait_for_log("key s1._domainkey.example.org: published"));
}

TEST_CASE("a login is for one message", "[socket]") {
  const KeyFolder folder;
  const DaemonFixture fixture(zone_with(folder), {}, sign_table(folder));
  MilterClient client = open_session(fixture.daemon.socket());
  client.macros(SMFIC_MAIL, {{"{auth_authen}", "alice"}});
  CHECK(is_signed(client.send(plain())));
  CHECK_FALSE(is_signed(client.send(plain())));

  client.macros(SMFIC_MAIL, {{"{auth_authen}", "alice"}});
  client.mail("<alice@example.org>");
  client.abort();
  CHECK_FALSE(is_signed(client.send(plain())));
}

TEST_CASE("a login and the daemon's name are for one client", "[socket]") {
  const KeyFolder folder;
  const DaemonFixture fixture(zone_with(folder), {}, sign_table(folder));
  const auto begin = [](MilterClient& client) {
    client.connect("203.0.113.7");
    client.helo();
  };
  MilterClient client(fixture.daemon.socket());
  static_cast<void>(client.negotiate());
  client.macros(SMFIC_CONNECT, {{"{daemon_name}", "ORIGINATING"}});
  begin(client);
  CHECK(is_signed(client.send(plain())));
  CHECK(is_signed(client.send(plain())));  // the name is the session's
  client.macros(SMFIC_MAIL, {{"{auth_authen}", "alice"}});
  client.quit_for_new_connection();
  begin(client);
  CHECK_FALSE(is_signed(client.send(plain())));
}

TEST_CASE("a key that the DNS does not show is told, and does not sign", "[socket]") {
  const KeyFolder folder;
  const DaemonFixture fixture(DaemonFixture::zone(), {}, sign_table(folder));
  CHECK(fixture.daemon.wait_for_log("key s1._domainkey.example.org: missing"));
  CHECK_FALSE(is_signed(submit(fixture)));
  CHECK_THAT(fixture.daemon.log(), Contains("dkim=unsigned why=\"the DNS shows no key"));
}

TEST_CASE("a reload keeps a key that signs and seals", "[socket]") {
  const KeyFolder folder;
  const std::string arc =
      "[arc]\nseal = \"forwarded\"\nlocal_domains = [\"example.org\"]\n"
      "domain = \"example.org\"\nselector = \"s1\"\nkey_file = \"" +
      folder.path("key.pem") + "\"\n";
  const DaemonFixture fixture(zone_with(folder), {}, arc + sign_table(folder));
  CHECK(fixture.daemon.wait_for_log("key s1._domainkey.example.org: published"));
  fixture.daemon.signal(SIGUSR1);
  CHECK(fixture.daemon.wait_for_log("info: reloaded"));
  for (int round = 0; round < 5; ++round) {
    fixture.daemon.signal(SIGUSR1);
    CHECK(is_signed(submit(fixture)));
  }
  check_serves(fixture);
}

TEST_CASE("SIGUSR1 reads keys anew, all or nothing", "[socket]") {
  const KeyFolder folder;
  const DaemonFixture fixture(zone_with(folder), {}, sign_table(folder) + sign_table(folder, "s2"));
  CHECK(is_signed(submit(fixture)));

  folder.write("key.pem", "not a key\n");
  fixture.daemon.signal(SIGUSR1);
  CHECK(
      fixture.daemon.wait_for_log("not reloaded: the previous configuration and keys stay in use"));
  const std::string fault = ": " + folder.path("key.pem") + ": no valid private key";
  for (const std::string selector : {"s1", "s2"}) {  // each a line of the log
    CHECK_THAT(fixture.daemon.log(),
               Contains("error: [[sign]] domain = \"example.org\", selector = \"" + selector +
                        "\"" + fault));
  }
  CHECK(is_signed(submit(fixture)));

  folder.write("key.pem", folder.key.pem());
  fixture.daemon.signal(SIGUSR1);
  CHECK(fixture.daemon.wait_for_log("info: reloaded"));
  CHECK(is_signed(submit(fixture)));
}

TEST_CASE("an unreadable key stops the start, with its reason", "[socket]") {
  const KeyFolder folder;
  folder.write("key.pem", folder.key.pem(), std::filesystem::perms{0644});
  const TemporaryFolder configuration;
  const Ended ended =
      run_sekishod({"-c", configuration.write("sekisho.toml", "socket = \"inet:0@127.0.0.1\"\n" +
                                                                  sign_table(folder))});
  CHECK(ended.status == 1);
  CHECK_THAT(ended.output, Contains(folder.path("key.pem")) && Contains("chmod 600"));
}

TEST_CASE("a stream of reloads and messages loses neither", "[socket]") {
  const KeyFolder folder;
  const DaemonFixture fixture(zone_with(folder), {}, sign_table(folder));
  for (int i = 0; i < 50; ++i) {
    fixture.daemon.signal(SIGUSR1);
    CHECK(is_signed(submit(fixture)));
  }
  check_serves(fixture);
}
