// Each folder of test/bad_config holds a configuration and the exact text with which it is refused.
#include "config/load.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string refusal_of(const std::string& text) {
  const auto options = sekisho::config::parse(text, "sekisho.toml");
  std::string lines;
  if (!options) {
    for (const auto& problem : options.error()) {
      lines += problem.message + "\n";
    }
  }
  return lines;
}

}  // namespace

TEST_CASE("bad configurations are refused with the expected text", "[config]") {
  const std::filesystem::path folder(SEKISHO_SOURCE_DIR "/test/bad_config");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    DYNAMIC_SECTION(entry.path().filename().string()) {
      CHECK(refusal_of(contents(entry.path() / "sekisho.toml")) ==
            contents(entry.path() / "expected_error"));
    }
  }
}
