// Authenticated users who write under another's name (client_a1 to client_a3 of "Composition
// Kills").
#include "policy/login_map.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::policy {

namespace {

mail::Mailbox author(const std::string& address) {
  return mail::parse_address_list(address).value().front();
}

}  // namespace

TEST_CASE("for whom a login may sign", "[policy]") {
  const LoginMap map = LoginMap::parse(
                           "# logins of the house\n"
                           "alice  alice@example.org, Sales@Example.NET\r\n"
                           "bob    example.org .example.com\n"
                           "carol  b\u00fccher.example\n"
                           "root\t* # may do anything\n"
                           "\n"
                           "*      guests.example\n",
                           "logins")
                           .value();
  struct Row {
    const char* login;
    const char* address;
    bool allowed;
  };
  const Row rows[] = {
      {"alice", "alice@example.org", true},      {"alice", "ALICE@EXAMPLE.ORG", true},
      {"alice", "sales@example.net", true},      {"alice", "bob@example.org", false},
      {"alice", "alice@sub.example.org", false}, {"alice", "xalice@example.org", false},
      {"alice", "alice@guests.example", false},  // has a line of her own
      {"bob", "anybody@example.org", true},      {"bob", "anybody@sub.example.org", false},
      {"bob", "anybody@a.b.example.com", true},  {"bob", "anybody@example.com", false},
      {"bob", "anybody@badexample.com", false},  {"carol", "c@xn--bcher-kva.example", true},
      {"root", "admin@anything.example", true},  {"dave", "dave@guests.example", true},
      {"dave", "dave@example.org", false},       {"Alice", "alice@example.org", false},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.login << " as " << row.address) {
      CHECK(map.allows(row.login, author(row.address)) == row.allowed);
    }
  }
}

TEST_CASE("without a line for everybody, an unknown login may sign for nobody", "[policy]") {
  const LoginMap map = LoginMap::parse("alice example.org\n", "logins").value();
  CHECK_FALSE(map.allows("bob", author("bob@example.org")));
  CHECK_FALSE(LoginMap().allows("alice", author("alice@example.org")));
}

TEST_CASE("a login map with a fault is refused at its line", "[policy]") {
  struct Row {
    const char* text;
    const char* error;
  };
  const Row rows[] = {
      {"alice\n", "f:1: a login without authors"},
      {"alice # example.org\n", "f:1: a login without authors"},
      {"\nalice a@b.example\nalice c@d.example\n", "f:3: a login that has a line already"},
      {"alice a@\n",
       "f:1: \"a@\" is no author; expected user@example.org, example.org, .example.org or *"},
      {"alice @example.org\n",
       "f:1: \"@example.org\" is no author; expected user@example.org, example.org, .example.org "
       "or *"},
      {"alice a b\n", nullptr},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.text) {
      const auto map = LoginMap::parse(row.text, "f");
      REQUIRE(map.has_value() == (row.error == nullptr));
      if (!map) {
        CHECK(map.error() == row.error);
      }
    }
  }
  const std::string endless(LoginMap::max_line_octets + 1, 'a');
  CHECK(LoginMap::parse(endless, "f").error() == "f:1: line too long");
  CHECK(LoginMap::load("/nonexistent/logins").error() ==
        "/nonexistent/logins: cannot be read: No such file or directory");
}

}  // namespace sekisho::policy
