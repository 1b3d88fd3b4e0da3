#include "dkim_diagnosis/canonical_body.hpp"
#include "dkim_diagnosis/signed_message.hpp"

#include <random>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim_diagnosis {
namespace {

using namespace test;

std::string body_of(std::mt19937& random) {
  std::string body;
  std::uniform_int_distribution<int> letters('a', 'z');
  for (int line = 0; line < 6; ++line) {
    for (int i = 0; i < 20; ++i) {
      body += static_cast<char>(i % 6 == 5 ? ' ' : letters(random));
    }
    body += "x\r\n";
  }
  return body;
}

// Replaces, removes or inserts one octet anywhere.
void garble(std::string& text, std::mt19937& random) {
  const std::size_t at = std::uniform_int_distribution<std::size_t>(0, text.size() - 1)(random);
  const auto octet = static_cast<char>(std::uniform_int_distribution<int>('!', '~')(random));
  switch (random() % 3) {
    case 0:
      text[at] = octet;
      return;
    case 1:
      text.erase(at, 1);
      return;
    default:
      text.insert(at, 1, octet);
  }
}

std::string canonical(const std::string& body) {
  return std::string(CanonicalBody(body, dkim::Canonicalization::relaxed).text());
}

#ifdef SEKISHO_SANITIZED
constexpr int garblings = 500;  // each takes twenty times as long
#else
constexpr int garblings = 10'000;
#endif

TEST_CASE("no garbled body is explained by what was not signed") {
  std::mt19937 random(16);
  const dkim::SigningKeyPtr key = make_key(crypto::KeyType::rsa, "r");
  const std::vector<dkim::KeyRecord> keys = {record_of(*key)};
  dkim::SignOptions options;
  options.signed_fields = {"From"};
  Message message{{{"From", " a@shop.example"}, {"Subject", " order"}}, body_of(random)};
  const Message signed_message = sign(message, key, options);
  const std::string was_signed = canonical(message.body);
  int explained = 0;
  std::size_t wrong = 0;
  for (int i = 0; i < garblings; ++i) {
    Message changed = signed_message;
    for (int count = std::uniform_int_distribution<int>(1, 3)(random); count > 0; --count) {
      garble(changed.body, random);
    }
    Budget budget = counted(60);
    SignatureView view = view_of(changed, keys);
    const SignatureDiagnosis diagnosis = diagnose(view, changed, budget);
    explained += diagnosis.body.state == State::explained ? 1 : 0;
    wrong += diagnosis.original_body && canonical(*diagnosis.original_body) != was_signed ? 1 : 0;
  }
  CHECK(wrong == 0);
  CHECK(explained < garblings / 10);  // inserted blanks and lines are found again
}

}  // namespace
}  // namespace sekisho::dkim_diagnosis
