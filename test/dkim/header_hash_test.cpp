#include "dkim/header_hash.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

using Names = std::vector<std::string>;

std::string selected(const mail::HeaderSection& header, const Names& names,
                     const mail::HeaderField* excluded = nullptr) {
  std::string values;
  for (const mail::HeaderField* field : HeaderIndex(header).select(names, excluded)) {
    values += field->value;
  }
  return values;
}

}  // namespace

TEST_CASE("header hash: repeated names are taken from the bottom (RFC 6376 §5.4.2)", "[dkim]") {
  const mail::HeaderSection header{
      {"Received", "A"}, {"received", "B"}, {"From", "f"}, {"RECEIVED ", "C"}, {"To", "t"}};
  const auto [names, expected] = GENERATE(table<Names, std::string>({
      {{"received", "received"}, "CB"},
      {{"received", "from", "received", "received"}, "CfBA"},
      {{"received", "received", "received", "received", "to"}, "CBAt"},
      {{"from", "from", "from"}, "f"},   // oversigned: there is no second one
      {{"date", "to", "subject"}, "t"},  // not there: the null string
      {Names{}, ""},
  }));
  CAPTURE(names);
  CHECK(selected(header, names) == expected);
}

TEST_CASE("header hash: names of one length are told apart, in any case", "[dkim]") {
  const mail::HeaderSection header{{"From", "f"}, {"DATE", "d"}, {"fRom", "F"}, {"Date", "D"}};
  CHECK(selected(header, {"date", "from", "sent", "DATE", "From", "date"}) == "DFdf");
  CHECK(HeaderIndex(header).count("FROM ") == 2);
  CHECK(HeaderIndex(header).count("Sent") == 0);
  CHECK(selected({}, {"from"}).empty());
}

TEST_CASE("header hash: of many fields of one name the lowest come first", "[dkim]") {
  constexpr std::size_t many = 100;
  mail::HeaderSection header;
  std::string expected;
  for (std::size_t i = 0; i < many; ++i) {
    const std::string value(1, static_cast<char>(' ' + i));
    header.push_back({i % 3 == 0 ? "received" : "Received", value});
    expected.insert(0, value);
  }
  CHECK(selected(header, Names(many + 1, "received")) == expected);
}

TEST_CASE("header hash: a signature does not cover itself (RFC 6376 §3.7)", "[dkim]") {
  const mail::HeaderSection header{
      {"DKIM-Signature", "1"}, {"DKIM-Signature", "2"}, {"DKIM-Signature", "3"}, {"From", "f"}};
  const Names names{"from", "dkim-signature", "dkim-signature", "dkim-signature"};
  CHECK(selected(header, names, &header[0]) == "f32");
  CHECK(selected(header, names, &header[1]) == "f31");
  CHECK(selected(header, names, &header[2]) == "f21");
  CHECK(selected(header, names) == "f321");
}

TEST_CASE("header hash: the value of b= is deleted, and nothing else (RFC 6376 §3.7)", "[dkim]") {
  const auto [value, expected] = GENERATE(table<std::string, std::string>({
      {" a=x; b=abc", " a=x; b="},
      {" a=x; b=abc;", " a=x; b=;"},
      {" b=abc; a=x", " b=; a=x"},
      {" b = a b\r\n c = ; a=x", " b =; a=x"},
      {" a=x;\r\n\tb\r\n =\r\n abc==\r\n ;z=1 ", " a=x;\r\n\tb\r\n =;z=1 "},
      {" bh=abc; b=x", " bh=abc; b="},
      {" bb=abc; a=b=c; b=x; c=d", " bb=abc; a=b=c; b=; c=d"},
      {" B=abc", " B=abc"},
      {" b=; a=b", " b=; a=b"},
      {"", ""},
      {" b", " b"},
      {";;b=x;", ";;b=;"},
  }));
  CAPTURE(value);
  const mail::HeaderField field{"DKIM-Signature", value};
  CHECK(without_signature_value(field) == mail::HeaderField{"DKIM-Signature", expected});
}

TEST_CASE("header hash: fields, then the signature without its CRLF (RFC 6376 §3.7)", "[dkim]") {
  const mail::HeaderField from{"From", " a@b"};
  const mail::HeaderField signature{"DKIM-Signature", " v=1; b="};
  const std::vector<const mail::HeaderField*> fields{&from, &from};
  const auto [canonicalization, text] = GENERATE(table<Canonicalization, std::string>({
      {Canonicalization::simple, "From: a@b\r\nFrom: a@b\r\nDKIM-Signature: v=1; b="},
      {Canonicalization::relaxed, "from:a@b\r\nfrom:a@b\r\ndkim-signature:v=1; b="},
  }));
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  digest.update(text);
  CHECK(hash_header(fields, signature, canonicalization, crypto::HashAlgorithm::sha256) ==
        digest.finish());
}

}  // namespace sekisho::dkim
