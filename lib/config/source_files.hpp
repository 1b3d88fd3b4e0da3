// The files that make up a configuration: the main file, and the drop-ins beside it.
#pragma once

#include <expected>
#include <string>
#include <vector>

namespace sekisho::config {

struct SourceFile {
  std::string path;  ///< As messages show it.
  std::string text;
};

/// The folder with the drop-ins of a main file: for DIR/NAME.toml, DIR/NAME.d if there is such a
/// folder, otherwise DIR/conf.d. It need not exist.
[[nodiscard]] std::string drop_in_folder(const std::string& main_file);

/// The names in the folder of drop-ins that are not read, and that look like configuration: they
/// do not end in `.toml`. Paths, in byte order.
[[nodiscard]] std::vector<std::string> find_ignored_drop_ins(const std::string& main_file);

/// The main file, and then the drop-ins (`*.toml` without a leading dot, at most 1000) in the byte
/// order of their names. An error has a line for people for each file that cannot be read.
[[nodiscard]] std::expected<std::vector<SourceFile>, std::vector<std::string>> read_source_files(
    const std::string& main_file);

/// The paths of the same files.
[[nodiscard]] std::vector<std::string> source_paths(const std::string& main_file);

}  // namespace sekisho::config
