#include "migrate/draft.hpp"

#include <catch2/catch.hpp>

namespace sekisho::migrate {

namespace {

const Statement first{"AuthservID", "", {"a.conf", 3}};
const Statement second{"AuthservID", "", {"b.conf", 7}};

}  // namespace

TEST_CASE("every line says where it came from, in the order of sekisho.toml(5)") {
  Draft draft;
  draft.set("policy.on_reject", "\"reject\"", second);
  draft.set("authserv_id", "\"mx.example.org\"", first);
  draft.set("authserv_id", "\"mx.example.org\"", second);
  draft.set_default("signing.expiry", "\"0s\"", "its default");
  draft.set_default("authserv_id", "\"other\"", "its default");
  const std::string text = write_toml(draft, {"a.conf", "b\n.conf"});
  CHECK(text.contains("#   b?.conf\n"));
  CHECK(text.ends_with(
      "\nauthserv_id = \"mx.example.org\"  # a.conf:3: AuthservID, b.conf:7: AuthservID\n"
      "\n[policy]\non_reject = \"reject\"  # b.conf:7: AuthservID\n"
      "\n[signing]\nexpiry = \"0s\"  # its default\n"));
  CHECK(draft.notes().empty());
}

TEST_CASE("of two values the first stays, and the other is told") {
  Draft draft;
  draft.set("authserv_id", "\"one\"", first);
  draft.set("authserv_id", "\"two\"", second);
  CHECK(draft.value_of("authserv_id") == "\"one\"");
  REQUIRE(draft.notes().size() == 1);
  CHECK(draft.notes()[0].kind == NoteKind::lost);
  CHECK(draft.notes()[0].text == "authserv_id is \"one\", from a.conf:3: AuthservID");
}

TEST_CASE("what the configuration would refuse is not taken") {
  Draft draft;
  draft.set("authserv_id", "\"a b\"", first);
  draft.add({"sign", {{"domain", "\"example.org\"", {"x"}}}}, second);
  CHECK(draft.lines().empty());
  CHECK(draft.entries().empty());
  REQUIRE(draft.notes().size() == 2);
  CHECK(draft.notes()[0].text ==
        "authserv_id: is \"a b\"; expected a name such as mx.example.org, without blanks");
}

TEST_CASE("rules that accept stand before those that refuse") {
  Draft draft;
  const auto rule = [](const char* name, const char* action) {
    return Entry{"rule",
                 {{"name", name, {"x"}}, {"spf", "[\"fail\"]", {"x"}}, {"action", action, {"x"}}}};
  };
  draft.add(rule("\"a\"", "\"reject\""), first);
  draft.add(rule("\"b\"", "\"accept\""), first);
  draft.add(rule("\"c\"", "\"accept\""), first);
  REQUIRE(draft.entries().size() == 3);
  CHECK(draft.entries()[0].lines[0].value == "\"b\"");
  CHECK(draft.entries()[1].lines[0].value == "\"c\"");
  CHECK(draft.entries()[2].lines[0].value == "\"a\"");
}

TEST_CASE("a note is made once") {
  Draft draft;
  draft.note(NoteKind::needless, first, "so");
  draft.note(NoteKind::needless, first, "so");
  CHECK(draft.notes().size() == 1);
}

}  // namespace sekisho::migrate
