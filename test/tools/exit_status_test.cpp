// What scripts see of `sekisho`: sekisho(1), EXIT STATUS.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/wait.h>

#include <catch2/catch.hpp>

namespace {

int status_of(const std::string& arguments) {
  const std::string command = std::string(SEKISHO) + " " + arguments + " >/dev/null 2>&1";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a check that ran ends in 0, whatever it found", "[tools]") {
  CHECK(status_of("check --zone /dev/null /dev/null") == 0);
  CHECK(status_of("check --zone /dev/null --ip 192.0.2.1 --mail-from ''") == 0);
  CHECK(status_of("check --zone /dev/null - </dev/null") == 0);
}

TEST_CASE("what cannot be read ends in 1", "[tools]") {
  CHECK(status_of("check --zone /dev/null /nonexistent") == 1);
  CHECK(status_of("check --zone /dev/null " SEKISHO_TEST_DATA) == 1);  // a folder is no message
  CHECK(status_of("check --zone " SEKISHO_TEST_DATA " /dev/null") == 1);
  CHECK(status_of("check --config /nonexistent /dev/null") == 1);
}

TEST_CASE("what cannot be understood ends in 2", "[tools]") {
  const char* const cases[] = {
      "",
      "check",
      "check --no-such-option /dev/null",
      "check --ip example.org /dev/null",
      "check --nameserver localhost /dev/null",
      "check --format xml /dev/null",
      "check --zone /dev/null --mail-from 'a b' /dev/null",
      "check --now soon /dev/null",
      "check --now -1 /dev/null",
      "check --now 9223372036854775807 /dev/null",
      "check --dns-timeout 0 /dev/null",
      "check --dns-timeout 1e300 /dev/null",
  };
  for (const char* const arguments : cases) {
    DYNAMIC_SECTION("sekisho " << arguments) {
      CHECK(status_of(arguments) == 2);
    }
  }
}

TEST_CASE("a misspelt command is told with the nearest", "[tools]") {
  const auto said = [](const std::string& arguments) {
    const std::string command = std::string(SEKISHO) + " " + arguments + " 2>&1";
    std::string text;
    FILE* const output = popen(command.c_str(), "r");
    for (int c = 0; (c = std::fgetc(output)) != EOF;) {
      text += static_cast<char>(c);
    }
    pclose(output);
    return text;
  };
  CHECK(said("chek --ip 192.0.2.1") ==
        "sekisho: there is no command chek; did you mean sekisho check?\n");
  CHECK(said("key rotat example.org") ==
        "sekisho key: there is no command rotat; did you mean sekisho key rotate?\n");
  CHECK(said("frobnicate") == "sekisho: there is no command frobnicate; see sekisho --help\n");
  CHECK(status_of("chek") == 2);
}
