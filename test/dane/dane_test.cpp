#include "dane/dane.hpp"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

namespace sekisho::dane {
namespace {

crypto::Certificate certificate() {
  std::ifstream file(SEKISHO_TEST_DATA "/dane/certificate.pem");
  std::ostringstream text;
  text << file.rdbuf();
  return crypto::Certificate::parse(text.str()).value();
}

// The digests are those of the command openssl.
TEST_CASE("a TLSA record of a certificate has its digest", "[dane]") {
  const crypto::Certificate one = certificate();
  CHECK(format_record(*record_for(one, 3, 1, 1)) ==
        "3 1 1 713cf607c3fb62c4943c5e09ef97f0b4eb49474b5af0c36419369f7640360a87");
  CHECK(format_record(*record_for(one, 2, 0, 1)) ==
        "2 0 1 a1a6e6dd63ab157bb4793f3daa8ce8eb082c02edb4871c6b1905461685ec0362");
  CHECK(format_record(*record_for(one, 3, 1, 2)) ==
        "3 1 2 b482970b4f6b7efebf302bc8e874d68c7a4fc376e646be01e04aed049410b049"
        "a506b3eac7f212e0de79a30ed6100e66d52405009817264a3eac5f68b58083bd");
  CHECK(record_for(one, 3, 0, 0)->data.size() == one.der().size());
  CHECK_FALSE(record_for(one, 1, 1, 1));
  CHECK_FALSE(record_for(one, 3, 2, 1));
  CHECK_FALSE(record_for(one, 3, 1, 3));
}

TEST_CASE("a record matches the certificate that it was made of", "[dane]") {
  const crypto::Certificate one = certificate();
  for (const std::uint8_t selector : {std::uint8_t{0}, std::uint8_t{1}}) {
    for (const std::uint8_t matching : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
      auto record = record_for(one, 3, selector, matching).value();
      CHECK(usability_of(record) == Unusable::none);
      CHECK(matches(record, one));
      record.data.back() ^= 1;
      CHECK_FALSE(matches(record, one));
    }
  }
}

TEST_CASE("records that senders of mail ignore are told apart", "[dane]") {
  struct Case {
    dns::CertificateAssociation record;
    Unusable reason;
  };
  const std::string digest(32, 'x');
  const Case cases[] = {
      {{3, 1, 1, digest}, Unusable::none},
      {{2, 0, 1, digest}, Unusable::none},
      {{0, 0, 1, digest}, Unusable::public_authority},
      {{1, 1, 1, digest}, Unusable::public_authority},
      {{4, 1, 1, digest}, Unusable::unknown_usage},
      {{255, 1, 1, digest}, Unusable::unknown_usage},
      {{3, 2, 1, digest}, Unusable::unknown_selector},
      {{3, 1, 3, digest}, Unusable::unknown_matching},
      {{3, 1, 1, ""}, Unusable::wrong_length},
      {{3, 1, 1, digest + "x"}, Unusable::wrong_length},
      {{3, 1, 2, digest}, Unusable::wrong_length},
      {{3, 1, 0, ""}, Unusable::no_data},
  };
  for (const auto& [record, reason] : cases) {
    CAPTURE(format_record(record));
    CHECK(usability_of(record) == reason);
  }
}

TEST_CASE("a certificate has its names and times", "[dane]") {
  const crypto::Certificate one = certificate();
  CHECK(one.names() == std::vector<std::string>{"mx1.example.org", "mx.example.org"});
  CHECK(one.not_before() < one.not_after());
  CHECK_FALSE(crypto::Certificate::parse("no certificate"));
  CHECK_FALSE(crypto::Certificate::parse(""));
}

}  // namespace
}  // namespace sekisho::dane
