// What setup has changed on this host, so that --undo can put it back: the file setup.json beside
// the configuration. Only root can write it, since what it says is done by root.
#pragma once

#include "tools/cli/refusal.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools::setup {

struct FileNote {
  std::string path;
  std::optional<std::string> before;  ///< Nullopt: there was no such file.
  std::string after;

  bool operator==(const FileNote&) const = default;
};

/// A parameter of main.cf or, with a service, of master.cf.
struct ParameterNote {
  std::string service;
  std::string name;
  std::optional<std::string> before;  ///< As it was written; nullopt: it was not set.
  std::string after;

  bool operator==(const ParameterNote&) const = default;
};

/// What one run of setup did.
struct RunNotes {
  std::vector<FileNote> drop_ins;
  std::vector<FileNote> postfix_files;  ///< main.cf and master.cf
  std::vector<ParameterNote> parameters;
  std::vector<std::string> services;  ///< That were added to master.cf.

  bool operator==(const RunNotes&) const = default;
  [[nodiscard]] bool is_empty() const { return *this == RunNotes{}; }
};

/// The oldest run first.
using Notes = std::vector<RunNotes>;

[[nodiscard]] std::string notes_file(const std::string& configuration);

/// Returns no runs if there is no such file.
[[nodiscard]] std::expected<Notes, Refusal> load_notes(const std::string& path);
/// Replaces the file, or removes it if all runs are empty.
[[nodiscard]] std::expected<void, Refusal> save_notes(const std::string& path, const Notes& notes);

[[nodiscard]] std::expected<Notes, std::string> parse_notes(std::string_view text);
[[nodiscard]] std::string format_notes(const Notes& notes);

}  // namespace sekisho::tools::setup
