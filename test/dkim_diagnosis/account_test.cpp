// Who changed a message, and what can be done about it.
#include "dkim_diagnosis/account.hpp"

#include "dkim_diagnosis/original.hpp"
#include "dkim_diagnosis/repair.hpp"
#include "dkim_diagnosis/signed_message.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::dkim_diagnosis {
namespace {

using namespace test;

struct Case {
  const char* name;
  std::function<void(Message&)> change;
  ChangedBy changed_by;
  std::vector<Advice> advice;
  bool is_simple = false;
};

Account account_of(const SignatureView& view, const Message& message,
                   const Message* original = nullptr) {
  Budget budget = counted(100'000);
  return give_account(message, std::vector{view}, {}, budget, original);
}

Message signed_order(bool is_simple = false, const dkim::SigningKeyPtr& key = rsa()) {
  dkim::SignOptions options;
  options.oversigned_fields = {"From", "Reply-To"};
  if (is_simple) {
    options.header_canonicalization = dkim::Canonicalization::simple;
    options.body_canonicalization = dkim::Canonicalization::simple;
  }
  return sign(plain(), key, options);
}

SignatureView failing(const Message& message) {
  return view_of(message, std::vector{record_of(*rsa())});
}

void from_list(Message& message) {
  message.header.push_back({"List-Id", " <l.lists.example>"});
}

void add_footer(Message& message) {
  message.body += "--\r\nfooter\r\n";
}

}  // namespace

TEST_CASE("who changed a message, and what to do about it", "[dkim_diagnosis]") {
  using enum Advice;
  const Case cases[] = {
      {"a list's footer",
       [](Message& m) {
         from_list(m);
         add_footer(m);
       },
       ChangedBy::list,
       {list_settings, trusted_sealer}},
      {"a footer of no list", add_footer, ChangedBy::gateway, {sign_last, trusted_sealer}},
      {"a tag and a footer, and no field of a list",
       [](Message& m) {
         add_footer(m);
         set_field(m, "Subject", " [l] Your order");
       },
       ChangedBy::list,
       {list_settings, trusted_sealer}},
      {"a list that is called nearly as a warning",
       [](Message& m) {
         add_footer(m);
         set_field(m, "Subject", " [spamassassin] Your order");
       },
       ChangedBy::list,
       {list_settings, trusted_sealer}},
      {"a warning in several words, and a footer",
       [](Message& m) {
         add_footer(m);
         set_field(m, "Subject", " [Caution: external] Your order");
       },
       ChangedBy::gateway,
       {sign_last, trusted_sealer}},
      {"a warning and a footer",
       [](Message& m) {
         add_footer(m);
         set_field(m, "Subject", " [EXTERNAL] Your order");
       },
       ChangedBy::gateway,
       {sign_last, trusted_sealer}},
      {"a tag alone",
       [](Message& m) { set_field(m, "Subject", " [l] Your order"); },
       ChangedBy::gateway,
       {sign_last, trusted_sealer}},
      {"a tag of a list",
       [](Message& m) {
         m.header.push_back({"List-Post", " <mailto:l@lists.example>"});
         set_field(m, "Subject", " [l] Your order");
       },
       ChangedBy::list,
       {list_settings, trusted_sealer}},
      {"another From above the signed one",
       [](Message& m) {
         m.header.insert(m.header.begin() + 1, {"From", " <evil@forger.example>"});
       },
       ChangedBy::forger,
       {fewer_fields}},
      {"a Reply-To where none was signed",
       [](Message& m) { m.header.push_back({"Reply-To", " <x@shop.example>"}); },
       ChangedBy::relay,
       {relay_settings, fewer_fields}},
      {"the list as the author",
       [](Message& m) { set_field(m, "From", " The Shop via l <l@lists.example>"); },
       ChangedBy::unknown,
       {compare_original}},
      {"line ends",
       [](Message& m) { replace_all(m.body, "\r\n", "\r\r\n"); },
       ChangedBy::relay,
       {relay_settings}},
      {"the case of a name, with c=simple",
       [](Message& m) {
         for (mail::HeaderField& field : m.header) {
           field.name = field.name == "Message-ID" ? "Message-Id" : field.name;
         }
       },
       ChangedBy::relay,
       {relaxed_header, relay_settings},
       true},
      {"blanks at the end of a line, with c=simple",
       [](Message& m) { replace_all(m.body, "-- \r\n", "--\r\n"); },
       ChangedBy::relay,
       {relaxed_body, relay_settings},
       true},
      {"a coding",
       [](Message& m) {
         replace_all(m.body, "id=7&x=1", "id=3D7&x=3D1");
         replace_all(m.body, "-- \r\n", "--=20\r\n");
         set_field(m, "Content-Transfer-Encoding", " quoted-printable");
       },
       ChangedBy::relay,
       {seven_bit, relay_settings}},
      {"a body that is lost",
       [](Message& m) { m.body.clear(); },
       ChangedBy::unknown,
       {compare_original}},
      {"a text",
       [](Message& m) { replace_all(m.body, "shipped", "shopped"); },
       ChangedBy::unknown,
       {compare_original}},
      {"b= that was cut",
       [](Message& m) {
         std::string& value = m.header.front().value;
         value.resize(value.size() - 9);
       },
       ChangedBy::signer,
       {repair_signer, compare_original}},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.name) {
      Message message = signed_order(each.is_simple);
      each.change(message);
      const Account account = account_of(failing(message), message);
      CHECK(format_changed_by(account.changed_by) == format_changed_by(each.changed_by));
      CHECK(account.advice == each.advice);
      CHECK(account.signatures.size() == 1);
      CHECK(account.left_out == 0);
    }
  }
}

TEST_CASE("a key that is not right is the signer's", "[dkim_diagnosis]") {
  const dkim::SigningKeyPtr old_key = make_key(crypto::KeyType::rsa, "r");
  const Message message = signed_order(false, old_key);
  SignatureView view = failing(message);
  const auto advice = [&] {
    const Account account = account_of(view, message);
    CHECK(account.changed_by == ChangedBy::signer);
    return account.advice;
  };
  CHECK(advice() == std::vector{Advice::publish_key});
  view.other_keys = {{"r2", record_of(*old_key)}};
  CHECK(advice() == std::vector{Advice::right_selector});
  view.other_keys.clear();
  for (const dkim::Fault fault : {dkim::Fault::key_revoked, dkim::Fault::no_key}) {
    view.keys = std::unexpected(dkim::failure_of(fault));
    CHECK(advice() == std::vector{Advice::publish_key});
  }
}

TEST_CASE("a signature that passes is neither searched nor blamed", "[dkim_diagnosis]") {
  Message message = signed_order();
  SignatureView view = failing(message);
  view.result.code = dkim::ResultCode::pass;
  const Account account = account_of(view, message);
  CHECK(account.changed_by == ChangedBy::unknown);
  CHECK(account.advice.empty());

  // Of two, the one that fails tells.
  add_footer(message);
  Budget budget = counted(100'000);
  const SignatureView fails = failing(message);
  view = fails;
  view.result.code = dkim::ResultCode::pass;
  const Account two = give_account(message, std::vector{view, fails}, {}, budget);
  CHECK(two.changed_by == ChangedBy::gateway);
  CHECK(two.signatures.size() == 2);
}

TEST_CASE("twenty signatures are examined, and the rest is counted", "[dkim_diagnosis]") {
  const Message message = signed_order();
  SignatureView view = failing(message);
  view.result.code = dkim::ResultCode::pass;
  Budget budget = counted(1'000);
  for (const std::size_t count : {20U, 21U, 30U}) {
    const Account account = give_account(message, std::vector(count, view), {}, budget);
    CHECK(account.signatures.size() == 20);
    CHECK(account.left_out == count - 20);
  }
}

TEST_CASE("the message as it was sent explains what no search finds", "[dkim_diagnosis]") {
  const Message original = plain();
  Message message = signed_order();
  SECTION("a text in the body") {
    replace_all(message.body, "shipped", "shopped");
    const SignatureDiagnosis found =
        account_of(failing(message), message, &original).signatures.front().diagnosis;
    CHECK(found.body.state == State::explained);
    CHECK(changes_of(found) == "body.block:1+1");
    CHECK(found.original_body == original.body);
  }
  SECTION("two lines, with one between them") {
    replace_all(message.body, "It will", "It may");
    replace_all(message.body, ".hidden", ".shown");
    const SignatureDiagnosis found =
        account_of(failing(message), message, &original).signatures.front().diagnosis;
    CHECK(found.body.state == State::explained);
    CHECK(changes_of(found) == "body.block:3+3");
  }
  SECTION("another message") {
    Message other = original;
    replace_all(other.body, "Friday", "Sunday");
    replace_all(message.body, "shipped", "shopped");
    const SignatureDiagnosis found =
        account_of(failing(message), message, &other).signatures.front().diagnosis;
    CHECK(found.body.state == State::changed);
    CHECK_FALSE(found.original_body);
  }
  SECTION("a field") {
    set_field(message, "Subject", " Completely different");
    const SignatureDiagnosis found =
        account_of(failing(message), message, &original).signatures.front().diagnosis;
    CHECK(found.header.state == State::explained);
    REQUIRE(found.header.changes.size() == 1);
    CHECK(found.header.changes.front().field == "Subject");
    CHECK(found.header.changes.front().was == " Your order");
    CHECK(found.original_header.size() == original.header.size() + 1);
  }
}

TEST_CASE("an offset of a repaired body leads to one of the body", "[dkim_diagnosis]") {
  // "abcdef" becomes "aXYef": "bcd" was replaced; then "!" is put in before "f".
  const std::vector<Splice> splices = {{1, 4, "XY"}, {5, 5, "!"}};
  CHECK(spliced("abcdef", splices) == "aXYe!f");
  const std::size_t expected[] = {0, 1, 1, 4, 5, 5, 6};
  for (std::size_t offset = 0; offset < std::size(expected); ++offset) {
    CAPTURE(offset);
    CHECK(offset_before(splices, offset) == expected[offset]);
  }
  CHECK(offset_before({}, 3) == 3);
}

TEST_CASE("lines that a repair touches are counted once", "[dkim_diagnosis]") {
  const std::string body = "one\r\ntwo\r\nthree\r\nfour\r\n";
  const auto lines = [&](std::vector<Splice> splices) {
    const BodyChange change =
        describe(body, {.id = ChangeId::body_block, .splices = std::move(splices)});
    return std::to_string(change.line) + "+" + std::to_string(change.lines);
  };
  CHECK(lines({{0, 3, ""}}) == "1+1");
  CHECK(lines({{5, 10, ""}}) == "2+1");
  CHECK(lines({{5, 11, ""}}) == "2+2");
  CHECK(lines({{5, 6, ""}, {7, 8, ""}}) == "2+1");
  CHECK(lines({{0, 1, ""}, {17, 18, ""}}) == "1+2");
  CHECK(lines({{10, 10, "x"}}) == "3+1");
}

TEST_CASE("changes, people and keys have words of their own", "[dkim_diagnosis]") {
  std::set<std::string_view> words;
  for (const ChangeId id : all_change_ids()) {
    const std::string_view word = format_change_id(id);
    CHECK((word.starts_with("body.") || word.starts_with("head.") || word.starts_with("sig.")));
    CHECK(words.insert(word).second);
  }
  CHECK(words.size() == all_change_ids().size());
  CHECK(format_change_id(all_change_ids().front()) == "body.canon");
  CHECK(format_change_id(all_change_ids().back()) == "sig.length");
  using enum ChangedBy;
  for (const auto& [who, word] : {std::pair{list, "list"},
                                  {relay, "relay"},
                                  {gateway, "gateway"},
                                  {forger, "forger"},
                                  {signer, "signer"},
                                  {unknown, "unknown"}}) {
    CHECK(format_changed_by(who) == word);
  }
  for (const auto& [key, word] : {std::pair{KeyState::made_by_published, "made_by_published"},
                                  {KeyState::other_key, "other_key"},
                                  {KeyState::revoked, "revoked"},
                                  {KeyState::gone, "gone"},
                                  {KeyState::expired, "expired"},
                                  {KeyState::unknown, "unknown"}}) {
    CHECK(format_key_state(key) == word);
  }
  for (int i = 0; i <= static_cast<int>(Advice::compare_original); ++i) {
    CHECK(words.insert(describe_advice(static_cast<Advice>(i))).second);
  }
}

}  // namespace sekisho::dkim_diagnosis
