// Runs the messages of test/data/dkim (make_corpus.py there says what the files are).
#include "dkim/keys_on.hpp"
#include "dkim/verifier.hpp"
#include "dns/zone_file.hpp"
#include "mail/message_reader.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'700'000'000}};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string results_of(const fs::path& stem, std::size_t chunk_size) {
  std::ifstream message(fs::path(stem).replace_extension(".eml"), std::ios::binary);
  auto zone = dns::ZoneFile::load(fs::path(stem).replace_extension(".zone"));
  if (!zone) {
    return zone.error().message;
  }
  const KeyFetches keys = test::keys_on(std::move(*zone));
  BodyHashes hashes;
  std::optional<Verifier> verifier;
  mail::read_message(
      message, {},
      [&](const mail::HeaderSection& header) {
        verifier.emplace(keys, header, std::nullopt, VerifyOptions{}, now, hashes);
      },
      [&](std::string_view text) {
        for (std::size_t i = 0; i < text.size(); i += chunk_size) {
          hashes.update(text.substr(i, chunk_size));
        }
      });
  hashes.finish();
  std::ostringstream text;
  for (const Result& result : verifier->finish(hashes)) {
    text << format_result_code(result.code) << (result.reason.empty() ? "" : " ") << result.reason
         << '\n';
  }
  return text.str();
}

}  // namespace

TEST_CASE("corpus of signed messages", "[dkim]") {
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(SEKISHO_TEST_DATA "/dkim")) {
    if (entry.path().extension() != ".expected") {
      continue;
    }
    ++cases;
    DYNAMIC_SECTION(entry.path().stem().string()) {
      const std::string expected = read_file(entry.path());
      INFO(read_file(fs::path(entry.path()).replace_extension(".readme")));
      CHECK(results_of(entry.path(), 65'535) == expected);
      CHECK(results_of(entry.path(), 3) == expected);
    }
  }
  CHECK(cases > 50);
}

}  // namespace sekisho::dkim
