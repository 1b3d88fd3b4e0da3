// Finds the files that a path on the command line names.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::report::import {

struct FoundFiles {
  std::vector<std::string> files;  ///< Sorted by name, files of a folder before its subfolders.
  /// A path that cannot be opened, and the reason.
  struct Problem {
    std::string path;
    std::string text;
  };
  std::vector<Problem> problems;
};

inline constexpr std::size_t max_folder_depth = 16;

/// Returns the path itself for a file; the messages in `new` and `cur` for a Maildir; all regular
/// files in it and its subfolders for any other folder. Does not follow links to folders.
[[nodiscard]] FoundFiles files_of(const std::string& path);

}  // namespace sekisho::report::import
