#include "report/store/location.hpp"

#include <catch2/catch.hpp>

namespace sekisho::report::store {

TEST_CASE("a location is a file or a server", "[store]") {
  struct Case {
    std::string_view text;
    Location expected;
  };
  const Case cases[] = {
      {"/var/lib/sekisho/feedback.db", {Backend::sqlite, "/var/lib/sekisho/feedback.db"}},
      {"sqlite:///var/lib/a b.db", {Backend::sqlite, "/var/lib/a b.db"}},
      {"postgresql://u@db/x", {Backend::postgresql, "postgresql://u@db/x"}},
      {"postgres:///x?host=/run", {Backend::postgresql, "postgres:///x?host=/run"}},
  };
  for (const auto& [text, expected] : cases) {
    DYNAMIC_SECTION(text) {
      CHECK(parse_location(text) == expected);
    }
  }
  for (const std::string_view text :
       {"", "feedback.db", "sqlite://feedback.db", "/var/lib/", "mysql://host/x", "/a\"b.db",
        "/a\nb", "postgresql://db/x singlerows=true"}) {
    DYNAMIC_SECTION("refused: " << text) {
      CHECK_FALSE(parse_location(text));
    }
  }
}

TEST_CASE("a location is shown without what is secret", "[store]") {
  CHECK(format_location({Backend::sqlite, "/var/x@y.db"}) == "/var/x@y.db");
  CHECK(format_location({Backend::postgresql, "postgresql://u:secret@db:5432/x"}) ==
        "postgresql://db:5432/x");
  CHECK(format_location({Backend::postgresql, "postgres://db/x?user=u&password=p@q"}) ==
        "postgresql://db/x");
  CHECK(shown_location("postgres://u:secret@db/x") == "postgresql://db/x");
  CHECK(shown_location("/var/x@y.db/") == "/var/x@y.db/");
  for (const char* text : {"postgresql://u:secret@db/x y", "postgresql:/u:secret@db", "u:secret@db",
                           "postgresql://u:a/secret@db/x", "mysql://u:secret@db"}) {
    CHECK(shown_location(text) == "(not shown: it may hold a password)");
  }
}

}  // namespace sekisho::report::store
