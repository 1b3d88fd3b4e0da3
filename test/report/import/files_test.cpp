#include "report/import/files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::import {

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "sekisho-files-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string make(const std::string& name) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << "x";
    return (path_ / name).string();
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder stands for its files and those below it", "[report]") {
  const Folder folder;
  const Strings files = {folder.make("b"), folder.make("c"), folder.make("a/2026/01/x"),
                         folder.make("d/y")};
  fs::create_symlink("nowhere", folder.path() / "e");
  fs::create_directory_symlink(folder.path(), folder.path() / "a/loop");
  const FoundFiles found = files_of(folder.path().string());
  CHECK(found.files == files);
  CHECK(found.problems.empty());
  CHECK(files_of(files[0]).files == Strings{files[0]});
}

TEST_CASE("a Maildir stands for its messages, wherever it lies", "[report]") {
  const Folder folder;
  const Strings messages = {folder.make("m/new/2"), folder.make("m/cur/1"), folder.make("m/cur/3")};
  folder.make("m/tmp/4");
  folder.make("m/dovecot.index");
  folder.make("m/.other/cur/5");
  CHECK(files_of((folder.path() / "m").string()).files == messages);
  CHECK(files_of(folder.path().string()).files == messages);
  fs::remove_all(folder.path() / "m/new");
  CHECK(files_of(folder.path().string()).problems.empty());
}

TEST_CASE("what cannot be looked into is named", "[report]") {
  const Folder folder;
  const FoundFiles none = files_of((folder.path() / "none").string());
  CHECK(none.files.empty());
  REQUIRE(none.problems.size() == 1);
  CHECK(none.problems[0].text == "no such file");

  std::string deep;
  for (std::size_t i = 0; i < max_folder_depth; ++i) {
    deep += "d/";
  }
  folder.make(deep + "x");
  CHECK(files_of(folder.path().string()).files.size() == 1);
  CHECK(files_of(folder.path().string()).problems.empty());
  folder.make(deep + "d/y");
  CHECK(files_of(folder.path().string()).files.size() == 1);
  REQUIRE(files_of(folder.path().string()).problems.size() == 1);
  CHECK(files_of(folder.path().string()).problems[0].text == "folders are nested too deeply");
}

}  // namespace sekisho::report::import
