// The files that a path on the command line stands for.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::report::import {

struct FoundFiles {
  std::vector<std::string> files;  ///< In the order of their names, a folder's own before others.
  /// What cannot be looked into, with the reason.
  struct Problem {
    std::string path;
    std::string text;
  };
  std::vector<Problem> problems;
};

inline constexpr std::size_t max_folder_depth = 16;

/// A path itself; of a Maildir the messages in `new` and `cur`; of any other folder the regular
/// files in it and in the folders below. Links to folders are not followed.
[[nodiscard]] FoundFiles files_of(const std::string& path);

}  // namespace sekisho::report::import
