#include "config/source_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace sekisho::config {

namespace {

constexpr std::size_t most_drop_ins = 1'000;
constexpr std::string_view suffix = ".toml";

std::string in_folder(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + (folder.ends_with('/') ? "" : "/") + name;
}

/// The names in a folder, in byte order; none if there is no such folder.
std::expected<std::vector<std::string>, std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return std::unexpected(folder + ": cannot be read: " + error.message());
  }
  std::ranges::sort(names);
  return names;
}

bool is_drop_in(const std::string& name) {
  return !name.starts_with('.') && name.ends_with(suffix);
}

/// What an editor or dpkg leaves beside a file is no mistake of the operator's.
bool looks_like_configuration(const std::string& name) {
  return !name.starts_with('.') && !name.ends_with(suffix) &&
         (name.ends_with(".conf") || !name.contains('.')) && !name.ends_with('~') &&
         name != "README";
}

std::expected<std::vector<std::string>, std::string> find_drop_ins(const std::string& main_file) {
  const std::string folder = drop_in_folder(main_file);
  auto names = names_in(folder);
  if (!names) {
    return names;
  }
  std::erase_if(*names, [](const std::string& name) { return !is_drop_in(name); });
  if (names->size() > most_drop_ins) {
    return std::unexpected(folder + ": has " + std::to_string(names->size()) +
                           " drop-ins; expected at most " + std::to_string(most_drop_ins));
  }
  for (std::string& name : *names) {
    name = in_folder(folder, name);
  }
  return names;
}

std::expected<std::string, std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && file.peek() != std::ifstream::traits_type::eof()) {
    text << file.rdbuf();
  }
  if (!file.is_open() || file.bad() || text.fail()) {
    return std::unexpected(path + ": cannot be read: " + std::generic_category().message(errno));
  }
  return std::move(text).str();
}

}  // namespace

std::string drop_in_folder(const std::string& main_file) {
  const std::size_t slash = main_file.rfind('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  const std::string folder = main_file.substr(0, begin);
  std::string name = main_file.substr(begin);
  if (name.ends_with(suffix)) {
    name.resize(name.size() - suffix.size());
  }
  const std::string own = folder + name + ".d";
  std::error_code ignored;
  return std::filesystem::is_directory(own, ignored) ? own : folder + "conf.d";
}

std::vector<std::string> find_ignored_drop_ins(const std::string& main_file) {
  const std::string folder = drop_in_folder(main_file);
  std::vector<std::string> ignored;
  for (const std::string& name : names_in(folder).value_or(std::vector<std::string>{})) {
    if (looks_like_configuration(name)) {
      ignored.push_back(in_folder(folder, name));
    }
  }
  return ignored;
}

std::expected<std::vector<SourceFile>, std::vector<std::string>> read_source_files(
    const std::string& main_file) {
  std::vector<std::string> paths{main_file};
  std::vector<std::string> problems;
  if (auto drop_ins = find_drop_ins(main_file)) {
    std::ranges::move(*drop_ins, std::back_inserter(paths));
  } else {
    problems.push_back(std::move(drop_ins).error());
  }
  std::vector<SourceFile> files;
  for (std::string& path : paths) {
    if (auto text = read_text(path)) {
      files.push_back({std::move(path), *std::move(text)});
    } else {
      problems.push_back(std::move(text).error());
    }
  }
  if (!problems.empty()) {
    return std::unexpected(std::move(problems));
  }
  return files;
}

std::vector<std::string> source_paths(const std::string& main_file) {
  std::vector<std::string> paths{main_file};
  std::ranges::move(find_drop_ins(main_file).value_or(std::vector<std::string>{}),
                    std::back_inserter(paths));
  return paths;
}

}  // namespace sekisho::config
