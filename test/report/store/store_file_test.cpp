// The file or server in which a store is.
#include "home.hpp"
#include "report/store/store.hpp"

#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

namespace {

/// Of a new SQLite store at `path` with something in it.
std::vector<struct stat> file_statuses(const std::string& path) {
  auto store = Store::open({Backend::sqlite, path});
  REQUIRE(store);
  REQUIRE(store->add(std::vector{an_observation()}));
  std::vector<struct stat> statuses;
  for (const std::string& file : {path, path + "-wal", path + "-shm"}) {
    CAPTURE(file);
    REQUIRE(::stat(file.c_str(), &statuses.emplace_back()) == 0);
  }
  return statuses;
}

}  // namespace

TEST_CASE("a store that root makes belongs to whom its folder belongs to", "[store]") {
  if (geteuid() != 0) {
    return;
  }
  constexpr uid_t nobody = 65'534;
  const Folder folder;
  REQUIRE(::chown(folder.file("").c_str(), nobody, nobody) == 0);
  for (const struct stat& status : file_statuses(folder.file("feedback.db"))) {
    CHECK(status.st_uid == nobody);
    CHECK(status.st_gid == nobody);
  }
}

TEST_CASE("the file of a store is for its owner and group", "[store]") {
  const Folder folder;
  for (const struct stat& status : file_statuses(folder.file("feedback.db"))) {
    CHECK((status.st_mode & 07) == 0);
  }
}

TEST_CASE("a store that cannot be opened says why", "[store]") {
  const Folder folder;
  const auto missing = Store::open({Backend::sqlite, folder.file("none/feedback.db")});
  REQUIRE_FALSE(missing);
  CHECK_FALSE(missing.error().text.empty());
  const auto away =
      Store::open({Backend::postgresql, "postgresql:///x?host=" + folder.file("none")});
  REQUIRE_FALSE(away);
  CHECK(away.error().text.find('\n') == std::string::npos);
  for (const char* uri :
       {"postgresql://u:s3cret@127.0.0.1:1/x", "postgresql://127.0.0.1:1/x?password=s3cret",
        "postgresql://127.0.0.1:1/s3cret?password=s3cret"}) {
    const auto refused = Store::open({Backend::postgresql, uri});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find("s3cret") == std::string::npos);
  }
}

}  // namespace sekisho::report::store
