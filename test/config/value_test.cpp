// How each type of option is read from a value and written as one.
#include "config/value.hpp"

#include <catch2/catch.hpp>

using namespace sekisho::config;
using namespace std::chrono_literals;

TEST_CASE("durations need a number and a unit", "[config]") {
  struct Case {
    std::string text;
    std::optional<std::chrono::milliseconds> expected;
  };
  const Case cases[] = {
      {"500ms", 500ms},
      {"5s", 5s},
      {"2m", 2min},
      {"1h", 1h},
      {"0s", 0ms},
      {"5", std::nullopt},
      {"", std::nullopt},
      {"s", std::nullopt},
      {"-5s", std::nullopt},
      {"5 s", std::nullopt},
      {"5sec", std::nullopt},
      {"1.5s", std::nullopt},
      {"9223372036854775807h", std::nullopt},
      {"99999999999999999999s", std::nullopt},
  };
  for (const auto& [text, expected] : cases) {
    DYNAMIC_SECTION("'" << text << "'") {
      const auto read = Codec<std::chrono::milliseconds>::read(Value{text});
      CHECK(read.has_value() == expected.has_value());
      if (read && expected) {
        CHECK(*read == *expected);
      }
    }
  }
}

TEST_CASE("whole seconds are asked for where only they make sense", "[config]") {
  CHECK(Codec<std::chrono::seconds>::read(Value{"2m"}) == 120s);
  CHECK_FALSE(Codec<std::chrono::seconds>::read(Value{"1500ms"}).has_value());
}

TEST_CASE("durations are written as they would be read", "[config]") {
  CHECK(Codec<std::chrono::milliseconds>::write(1500ms) == "\"1500ms\"");
  CHECK(Codec<std::chrono::milliseconds>::write(2min) == "\"120s\"");
}

TEST_CASE("a value of another type is described", "[config]") {
  CHECK(describe(Value{true}) == "is the boolean true");
  CHECK(describe(Value{std::int64_t{-3}}) == "is the integer -3");
  CHECK(describe(Value{"a\"b\n"}) == R"(is "a\"b\u000A")");
  CHECK(describe(Value{"postgresql://u:secret@db/x"}) == "is a URI");
  CHECK(describe(Value{std::vector<std::string>{}}) == "is a list");
  CHECK(describe(Value{Unusable{"a table"}}) == "is a table");
}

TEST_CASE("counts are not negative", "[config]") {
  CHECK(Codec<std::size_t>::read(Value{std::int64_t{0}}) == std::size_t{0});
  CHECK_FALSE(Codec<std::size_t>::read(Value{std::int64_t{-1}}).has_value());
}

TEST_CASE("servers are written as they would be read", "[config]") {
  const auto servers = Codec<std::vector<sekisho::dns::Server>>::read(
      Value{std::vector<std::string>{"127.0.0.1:5353", "[::1]:53"}});
  REQUIRE(servers.has_value());
  CHECK(Codec<std::vector<sekisho::dns::Server>>::write(*servers) ==
        R"(["127.0.0.1:5353", "[::1]:53"])");
}
