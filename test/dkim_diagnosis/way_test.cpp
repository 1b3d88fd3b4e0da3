#include "dkim_diagnosis/way.hpp"

#include "dkim_diagnosis/signed_message.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim_diagnosis {
namespace {

using namespace test;

Witness witness_of(const Message& message, std::size_t number, std::string host,
                   const dkim::KeyRecord& record) {
  const auto fields = mail::fields_named(message.header, "DKIM-Signature");
  return {.kind = WitnessKind::dkim,
          .instance = number,
          .host = std::move(host),
          .field = fields[number - 1],
          .parsed = dkim::parse_signature(fields[number - 1]->value, 1'000),
          .keys = std::vector{record}};
}

TEST_CASE("the signatures on both sides of a change name the hosts") {
  const dkim::SigningKeyPtr key = make_key(crypto::KeyType::rsa, "r");
  const dkim::KeyRecord record = record_of(*key);
  Message message{{{"From", " a@shop.example"}, {"Subject", " order"}}, "Text.\r\n"};
  const bool in_body = GENERATE(true, false);
  for (int hop = 1; hop <= 4; ++hop) {  // one hop after the other signs; hop 3 changes it first
    if (hop == 3) {
      message.body += in_body ? "footer\r\n" : "";
      set_field(message, "Subject", in_body ? " order" : " [list] order");
    }
    message = sign(std::move(message), key);
    message.header.insert(message.header.begin(),
                          {"Received", " from x by mx" + std::to_string(hop) + ".example; now"});
  }
  std::vector<Witness> witnesses;
  for (std::size_t number = 1; number <= 4; ++number) {
    witnesses.push_back(
        witness_of(message, number, "hop" + std::to_string(5 - number) + ".example", record));
  }
  SignatureView view = view_of(message, std::vector{record});
  view.index = 4;
  view.field = witnesses[3].field;
  view.parsed = witnesses[3].parsed;
  Budget budget = counted(100'000);
  const SignatureDiagnosis diagnosis = diagnose(view, message, budget);
  const Between between = find_change(diagnosis, *view.field, message, witnesses);
  CHECK(between.after.host == "hop2.example");
  CHECK(between.before.host == "hop3.example");
  CHECK(between.hosts == std::vector<std::string>{"mx2.example"});
}

TEST_CASE("the host that wrote a Received field") {
  CHECK(receiving_host(" from a (b [192.0.2.1])\r\n\tby mx.example.org (Postfix) with ESMTP id 4X;"
                       "\r\n\tMon") == "mx.example.org");
  CHECK(receiving_host(" by mx.example.org; Mon") == "mx.example.org");
  CHECK(receiving_host(" from a; by b.example").empty());
  CHECK(receiving_host("").empty());
}

}  // namespace
}  // namespace sekisho::dkim_diagnosis
