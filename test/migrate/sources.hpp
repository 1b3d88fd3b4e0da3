// Old configurations for tests: texts by path, and the conversion of one.
#pragma once

#include "migrate/migrate.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::migrate {

using Files = std::map<std::string, std::string>;

inline ReadFile reader_of(const Files& files) {
  return [files](const std::string& path) -> std::expected<std::string, std::string> {
    const auto found = files.find(path);
    if (found == files.end()) {
      return std::unexpected("No such file or directory");
    }
    return found->second;
  };
}

/// The result for files called by the programs: "opendkim", "opendmarc", "openarc", "policyd".
inline std::expected<Migration, Problems> convert(const Files& files) {
  const auto path = [&](const char* name) { return std::string(files.contains(name) ? name : ""); };
  const Sources sources{path("opendkim"), path("defaults"), path("opendmarc"),
                        path("openarc"),  path("policyd"),  ""};
  return migrate(sources, reader_of(files));
}

inline Migration converted(const Files& files) {
  auto migration = convert(files);
  for (const std::string& problem : migration ? Problems{} : migration.error()) {
    FAIL(problem);
  }
  return *std::move(migration);
}

/// "lost opendkim:3: Minimum"
inline std::string format(const Note& note) {
  constexpr const char* kinds[] = {"lost ", "by_hand ", "needless "};
  return kinds[std::to_underlying(note.kind)] +  // NOLINT(*-constant-array-index)
         format_origin({note.option, "", note.place});
}

inline bool has_note(const Migration& migration, std::string_view wanted) {
  return std::ranges::any_of(migration.notes,
                             [&](const Note& note) { return format(note) == wanted; });
}

inline bool has_line(const Migration& migration, const std::string& line) {
  return ("\n" + migration.toml).contains("\n" + line + "  # ");
}

}  // namespace sekisho::migrate
