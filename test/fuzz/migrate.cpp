// Any bytes as configurations of the old programs, and as every file that they name: refused with
// reasons, or made a configuration of ours that can be read.
#include "migrate/migrate.hpp"

#include "config/load.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::migrate;
  if (size == 0) {
    return 0;
  }
  // The first octet says which program reads the rest.
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Sources sources;
  const std::array<std::string*, 5> all{&sources.opendkim, &sources.opendmarc, &sources.openarc,
                                        &sources.spf_policyd, &sources.opendkim_defaults};
  *all.at(data[0] % all.size()) = "conf";
  if (!sources.opendkim_defaults.empty()) {
    sources.opendkim = "empty";
  }
  const auto migration =
      migrate(sources, [&](const std::string& path) -> std::expected<std::string, std::string> {
        return path == "empty" ? std::string() : text;
      });
  if (migration ? !sekisho::config::parse(migration->toml, "-") : migration.error().empty()) {
    std::abort();
  }
  return 0;
}
