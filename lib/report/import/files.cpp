#include "report/import/files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sekisho::report::import {

namespace {

namespace fs = std::filesystem;

struct Entries {
  std::vector<fs::path> files;
  std::vector<fs::path> folders;
};

Entries entries_of(const fs::path& folder, FoundFiles& found) {
  Entries entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unknown;
    if (entry->is_regular_file(unknown)) {
      entries.files.push_back(entry->path());
    } else if (entry->is_directory(unknown) && !entry->is_symlink(unknown)) {
      entries.folders.push_back(entry->path());
    }
  }
  if (error) {
    found.problems.push_back({folder.string(), "cannot be read: " + error.message()});
  }
  std::ranges::sort(entries.files);
  std::ranges::sort(entries.folders);
  return entries;
}

void add_files(const std::vector<fs::path>& paths, FoundFiles& found) {
  for (const fs::path& path : paths) {
    found.files.push_back(path.string());
  }
}

bool is_maildir(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder / "cur", error);
}

struct Folder {
  fs::path path;
  std::size_t depth = 0;
};

// The folder's own files; those below are put on the list, the first on top.
void add_folder(const Folder& folder, std::vector<Folder>& open, FoundFiles& found) {
  if (is_maildir(folder.path)) {
    for (const char* const name : {"new", "cur"}) {
      std::error_code error;
      if (fs::exists(folder.path / name, error)) {
        add_files(entries_of(folder.path / name, found).files, found);
      }
    }
    return;
  }
  if (folder.depth > max_folder_depth) {
    found.problems.push_back({folder.path.string(), "folders are nested too deeply"});
    return;
  }
  Entries entries = entries_of(folder.path, found);
  add_files(entries.files, found);
  for (auto below = entries.folders.rbegin(); below != entries.folders.rend(); ++below) {
    open.push_back({std::move(*below), folder.depth + 1});
  }
}

}  // namespace

FoundFiles files_of(const std::string& path) {
  FoundFiles found;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    found.problems.push_back({path, "no such file"});
    return found;
  }
  if (!fs::is_directory(status)) {
    found.files.push_back(path);
    return found;
  }
  std::vector<Folder> open = {{.path = path, .depth = 0}};
  while (!open.empty()) {
    const Folder folder = std::move(open.back());
    open.pop_back();
    add_folder(folder, open, found);
  }
  return found;
}

}  // namespace sekisho::report::import
