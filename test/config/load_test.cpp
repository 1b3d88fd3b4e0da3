// Reading the configuration: values land where they belong, and every problem is told.
#include "config/load.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> problems_of(std::string_view text) {
  const auto options = config::parse(text, "sekisho.toml");
  std::vector<std::string> messages;
  if (!options) {
    for (const config::Problem& problem : options.error()) {
      messages.push_back(problem.message);
    }
  }
  return messages;
}

}  // namespace

TEST_CASE("the smallest configuration is read", "[config]") {
  const auto options = config::parse(R"(
socket = "unix:/run/sekisho/sekisho.sock"      # or "inet:8891@127.0.0.1", "fd:3"
authserv_id = "mx.example.org"
[dns]                                          # all optional
nameservers = ["127.0.0.1:5353"]
timeout = "5s"
)",
                                     "sekisho.toml");
  REQUIRE(options.has_value());
  CHECK(options->socket == "unix:/run/sekisho/sekisho.sock");
  CHECK(options->authserv_id == "mx.example.org");
  REQUIRE(options->dns.nameservers.size() == 1);
  CHECK(options->dns.nameservers[0] == dns::Server{*dns::IpAddress::parse("127.0.0.1"), 5353});
  CHECK(options->dns.timeout == 5s);
}

TEST_CASE("an empty file gives the defaults", "[config]") {
  const auto options = config::parse("", "sekisho.toml");
  REQUIRE(options.has_value());
  const config::Options defaults;
  CHECK(options->message_timeout == defaults.message_timeout);
  CHECK(options->policy.on_reject == defaults.policy.on_reject);
  CHECK(options->socket.empty());
}

TEST_CASE("every type of option is read", "[config]") {
  const auto options = config::parse(R"(
log_target = "syslog"
header_comments = true
message_timeout = "1500ms"
[spf]
engine = "libspf2"
[dkim]
max_signatures = 3
clock_drift = "2m"
[policy]
on_reject = "reject"
)",
                                     "sekisho.toml");
  REQUIRE(options.has_value());
  CHECK(options->log_target == config::LogTarget::syslog);
  CHECK(options->header_comments);
  CHECK(options->message_timeout == 1500ms);
  CHECK(options->spf.engine == spf::Engine::libspf2);
  CHECK(options->dkim.max_signatures == 3);
  CHECK(options->dkim.clock_drift == 120s);
  CHECK(options->policy.on_reject == policy::OnReject::reject);
}

TEST_CASE("all problems are told, in the order of the file", "[config]") {
  CHECK(problems_of("zeal = 1\nsocket = 5\n[dkim]\nmax_signatures = \"x\"\n") ==
        std::vector<std::string>{
            "sekisho.toml:1: zeal: no such option; expected one that sekisho.toml(5) lists",
            "sekisho.toml:2: socket: is the integer 5; expected a string in quotes",
            "sekisho.toml:4: dkim.max_signatures: is \"x\"; expected a whole number, zero or more",
        });
}

TEST_CASE("a file that cannot be read is a problem", "[config]") {
  const auto options = config::load("/nonexistent/sekisho.toml");
  REQUIRE_FALSE(options.has_value());
  REQUIRE(options.error().size() == 1);
  CHECK(options.error()[0].message ==
        "/nonexistent/sekisho.toml: cannot be read: No such file or directory");
}

TEST_CASE("an empty file can be read, and a folder cannot", "[config]") {
  CHECK(config::load("/dev/null"));
  const auto folder = config::load("/");
  REQUIRE_FALSE(folder);
  CHECK(folder.error().front().message == "/: cannot be read: Is a directory");
}

TEST_CASE("a list of public suffixes that cannot be read is a problem", "[config]") {
  const std::string path = std::string(SEKISHO_TEST_DATA) + "/config/no-such-list.toml";
  const auto options = config::load(path);
  REQUIRE_FALSE(options.has_value());
  REQUIRE(options.error().size() == 1);
  CHECK_THAT(options.error()[0].message,
             Catch::StartsWith(path + ":3: dmarc.public_suffix_list: ") &&
                 Catch::Contains("/nonexistent/list"));
}

TEST_CASE("each value in force is told with the line that set it", "[config]") {
  const auto settings =
      config::load_settings(std::string(SEKISHO_TEST_DATA) + "/config/rules.toml");
  REQUIRE(settings.has_value());
  const auto find = [&](const std::string& name) {
    for (const config::Setting& setting : *settings) {
      if (setting.name == name) {
        return setting.value + " " + std::to_string(setting.line);
      }
    }
    return std::string("none");
  };
  CHECK(find("policy.on_reject") == "\"mark\" 2");
  CHECK(find("policy.on_quarantine") == "\"mark\" 0");
  CHECK(find("rule[1].action") == "\"accept\" 6");
  CHECK(find("rule[2].client") == "[\"192.0.2.0/24\"] 9");
  CHECK(find("rule[2].dry_run") == "none");
}

TEST_CASE("a password is neither shown nor quoted", "[config]") {
  const std::string path = std::string(SEKISHO_TEST_DATA) + "/config/password.toml";
  const auto settings = config::load_settings(path);
  REQUIRE(settings.has_value());
  const auto store = std::ranges::find(*settings, "feedback.store", &config::Setting::name);
  CHECK(store->value == "\"postgresql://db.example/x\"");
  for (const char* text :
       {"[feedback]\nstore = \"postgresql://u:s3cret@db/x y\"",
        "[feedback]\nstore = \"mysql://u:s3cret@db/x\"", "[feedback]\nstore = \"u:s3cret@db/x\"",
        "[feedback]\nstore = postgresql://u:s3cret@db/x",
        "[feedback]\nstore = \"postgresql://u:s3cret@db/x",
        "[feedback]\nstore = [\"postgresql://u:s3cret@db/x\"]",
        "[feedback]\nstroe = \"postgresql://u:s3cret@db/x\"",
        "[feedback]\nspill_file = \"postgresql://u:s3cret@db/x\"",
        "feedback = \"postgresql://u:s3cret@db/x\"", "store = \"postgresql://u:s3cret@db/x\""}) {
    DYNAMIC_SECTION(text) {
      const auto options = config::parse(text, "x");
      REQUIRE_FALSE(options.has_value());
      for (const config::Problem& problem : options.error()) {
        CHECK_THAT(problem.message, !Catch::Contains("s3cret"));
      }
    }
  }
}

TEST_CASE("what is valid and yet hardly meant so is told", "[config]") {
  const auto options = config::load(std::string(SEKISHO_TEST_DATA) + "/config/rules.toml");
  REQUIRE(options.has_value());
  const auto doubts = config::find_doubts(*options);
  REQUIRE(doubts.size() == 1);
  CHECK_THAT(doubts.front(), Catch::StartsWith("rule 1: accepts what anybody can write"));
}

TEST_CASE("a policy that does more where less is asked for is told of", "[config]") {
  config::Options options;
  CHECK(config::find_doubts(options).empty());
  options.policy.on_reject = policy::OnReject::mark;
  CHECK(config::find_doubts(options).empty());
  options.policy.on_quarantine = policy::Measure::hold;
  REQUIRE(config::find_doubts(options).size() == 1);
  CHECK_THAT(config::find_doubts(options).front(),
             Catch::StartsWith("policy.on_reject = \"mark\""));
}

TEST_CASE("a list of a rule that cannot be read is a problem", "[config]") {
  const std::string path = std::string(SEKISHO_TEST_DATA) + "/config/no-such-rule-list.toml";
  const auto options = config::load(path);
  REQUIRE_FALSE(options.has_value());
  CHECK_THAT(options.error()[0].message,
             Catch::StartsWith(path + ":3: rule.author: /nonexistent/list: cannot be read"));
}
