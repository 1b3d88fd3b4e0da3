#include "report/mailer/gzip.hpp"

#include "report/gunzip.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::mailer {

namespace {

constexpr std::size_t much = 1'000'000;

}  // namespace

TEST_CASE("what is compressed in pieces is one gzip member", "[report_post]") {
  GzipWriter writer(much);
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    const std::string piece = "record " + std::to_string(i) + '\n';
    writer.write(piece);
    text += piece;
  }
  const std::string packed = writer.finish();
  CHECK_FALSE(writer.is_over_limit());
  CHECK(packed.starts_with("\x1f\x8b\x08"));  // RFC 1952 §2.3.1
  CHECK(packed.size() < text.size() / 4);
  CHECK(gunzip(packed) == text);
}

TEST_CASE("the same report is compressed to the same octets", "[report_post]") {
  const auto pack = [](std::string_view text) {
    GzipWriter writer(much);
    writer.write(text);
    return writer.finish();
  };
  CHECK(pack("feedback") == pack("feedback"));
  CHECK(gunzip(pack("")).empty());
}

TEST_CASE("past its limit the compressor keeps nothing more", "[report_post]") {
  GzipWriter writer(50'000);
  std::uint32_t state = 1;
  std::string noise(1'000, '\0');
  for (int i = 0; i < 1'000; ++i) {
    for (char& octet : noise) {
      state = state * 1'664'525U + 1'013'904'223U;
      octet = static_cast<char>(state >> 24U);
    }
    writer.write(noise);
  }
  CHECK(writer.is_over_limit());
  CHECK(writer.finish().size() <= 50'000);
}

}  // namespace sekisho::report::mailer
