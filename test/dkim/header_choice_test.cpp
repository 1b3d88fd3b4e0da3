#include "dkim/header_choice.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

using Names = std::vector<std::string>;

Names chosen(const mail::HeaderSection& header, const SignOptions& options = {}) {
  return choose_signed_names(HeaderIndex(header), options);
}

mail::HeaderSection fields(const Names& names) {
  mail::HeaderSection header;
  for (const std::string& name : names) {
    header.push_back({name, " x"});
  }
  return header;
}

}  // namespace

TEST_CASE("header choice: which fields are signed", "[dkim]") {
  struct Case {
    std::string what;
    Names present;
    SignOptions options;
    Names expected;
  };
  const Case cases[] = {
      {"From is signed and oversigned (RFC 6376 §5.4, §8.15)", {"From"}, {}, {"From", "From"}},
      {"From that is not there is still named", {"Subject"}, {}, {"From", "Subject"}},
      {"the order is ours", {"subject", "DATE", "From"}, {}, {"From", "From", "Subject", "Date"}},
      {"what changes on the way is not signed (RFC 6376 §5.4.1)",
       {"Return-Path", "Received", "Comments", "Keywords", "Bcc", "DKIM-Signature",
        "Authentication-Results", "X-Other", "From"},
       {},
       {"From", "From"}},
      {"repeated fields are named as often as they occur (RFC 6376 §5.4.2)",
       {"List-Id", "From", "list-id"},
       {},
       {"From", "From", "List-Id", "List-Id"}},
      {"one-click unsubscription (RFC 8058 §4), lists or no lists",
       {"List-Unsubscribe-Post", "From", "List-Unsubscribe", "Subject"},
       {.signed_fields = {"Subject"}},
       {"Subject", "From", "From", "List-Unsubscribe", "List-Unsubscribe-Post"}},
      {"From alone is signed whatever the options say (RFC 6376 §5.4)",
       {"List-Unsubscribe-Post", "From", "List-Unsubscribe", "Subject", "X-Other"},
       {.signed_fields = {"Subject"}, .always_signed = {}, .oversigned_fields = {}},
       {"Subject", "From"}},
      {"fields beside those of the default",
       {"From", "X-Other", "List-Unsubscribe"},
       {.always_signed = {"x-other", "Received"}},
       {"From", "From", "x-other"}},
      {"names count once, whatever their case",
       {"Subject", "From"},
       {.signed_fields = {"subject", "Subject", "FROM"}, .oversigned_fields = {"SUBJECT"}},
       {"subject", "subject", "FROM"}},
      {"an oversigned field is signed too, there or not",
       {"From", "X-Tag"},
       {.signed_fields = {"From"}, .oversigned_fields = {"X-Tag", "Cc"}},
       {"From", "X-Tag", "X-Tag", "Cc"}},
      {"what may not be signed or oversigned is not",
       {"From", "Received", "Sender", "List-Id"},
       {.signed_fields = {"From", "Received", "a;b", "Sender"},
        .oversigned_fields = {"Sender", "List-Id", "Bcc"}},
       {"From", "Sender", "List-Id"}},
  };
  for (const auto& [what, present, options, expected] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(chosen(fields(present), options) == expected);
    }
  }
}

TEST_CASE("header choice: the fields of RFC 6376 §5.4.1 are signed where they are present",
          "[dkim]") {
  const std::string name =
      GENERATE("Reply-To", "Subject", "Date", "To", "Cc", "Resent-Date", "Resent-From", "Resent-To",
               "Resent-Cc", "In-Reply-To", "References", "List-Id", "List-Help", "List-Unsubscribe",
               "List-Subscribe", "List-Post", "List-Owner", "List-Archive", "Message-ID",
               "MIME-Version", "Content-Type", "Content-Transfer-Encoding");
  CHECK(chosen(fields({name, "From"})) == Names{"From", "From", name});
}

TEST_CASE("header choice: a field that stands a thousand times does not fill h=", "[dkim]") {
  const Names names = chosen(fields(Names(1000, "To")));
  CHECK(names == [] {
    Names expected(max_signed_instances + 1, "To");
    expected.front() = "From";
    return expected;
  }());
}

TEST_CASE("header choice: many fields that stand often do not fill h=", "[dkim]") {
  mail::HeaderSection header = {{"From", " a@example.com"}};
  SignOptions options;
  options.oversigned_fields = {"From"};
  for (int i = 0; i < 100; ++i) {
    const std::string name = "X-" + std::to_string(i) + std::string(60, 'x');
    options.signed_fields.push_back(name);
    header.insert(header.end(), 30, {name, " x"});
  }
  const auto names = choose_signed_names(HeaderIndex(header), options);
  std::size_t octets = 0;
  for (const std::string& name : names) {
    octets += name.size() + 1;
  }
  CHECK(octets <= max_chosen_octets);
  CHECK(std::ranges::count(names, "From") == 2);
  CHECK(std::ranges::count(names, options.signed_fields.front()) == 2);
}

TEST_CASE("header choice: lists that are refused", "[dkim]") {
  using Fault = std::optional<std::string>;
  const Fault no_name = "not the name of a header field";
  const auto [name, signed_fault, oversigned_fault] =
      GENERATE_COPY(table<std::string, Fault, Fault>({
          {"Subject", {}, {}},
          {"X-Mailer", {}, {}},
          {"", no_name, no_name},
          {"To:", no_name, no_name},
          {"a b", no_name, no_name},
          {"a;b", no_name, no_name},
          {"Gr\xc3\xb6\xc3\x9f"
           "e",
           no_name, no_name},
          {std::string(77, 'x'), no_name, no_name},
          {"Sender", {}, "Sender is added by mailing lists and may not be oversigned"},
          {"list-id", {}, "list-id is added by mailing lists and may not be oversigned"},
          {"received", "received changes on the way and may not be signed",
           "received changes on the way and may not be signed"},
          {"DKIM-Signature", "DKIM-Signature changes on the way and may not be signed",
           "DKIM-Signature changes on the way and may not be signed"},
      }));
  CAPTURE(name);
  CHECK(find_signed_fields_fault(Names{"From", name}) == signed_fault);
  CHECK(find_oversigned_fields_fault(Names{"From", name}) == oversigned_fault);
}

}  // namespace sekisho::dkim
