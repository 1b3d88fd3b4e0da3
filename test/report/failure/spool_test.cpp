#include "report/failure/spool.hpp"

#include "report/failure/sample.hpp"
#include "report/failure/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <catch2/catch.hpp>

namespace sekisho::report::failure {

namespace {

FailureReport sample(std::int64_t made = 1'790'000'000) {
  return {.kind = FailureKind::spf,
          .policy_domain = "bank.example",
          .uris = {"mailto:a@bank.example", "mailto:b@bank.example"},
          .made = std::chrono::sys_seconds(std::chrono::seconds(made)),
          .subject = "FW: \"x\"",
          .text = "text\r\n",
          .fields = "Version: 1\r\n",
          .header = "From: \xc3\xa4@bank.example\r\n"};
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("spool: what is written is read again", "[failure]") {
  const SpooledReport spooled{sample(), {"a@bank.example"}};
  CHECK(read_spooled(write_spooled(spooled)) == spooled);
}

TEST_CASE("spool: what is no report of ours is refused", "[failure]") {
  const std::string good = write_spooled({sample(), {}});
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[1]"), std::string("null"),
        good.substr(0, good.size() / 2), std::string(100'000, '[')}) {
    CHECK_FALSE(read_spooled(text).has_value());
  }
}

TEST_CASE("spool: the oldest comes first, and what is done is gone", "[failure]") {
  const TemporaryFolder folder;
  Spool spool(folder.path() + "/failure");
  CHECK(spool.list()->empty());
  CHECK(spool.store(sample(2'000'000'000), {}, 10) == Spool::Stored::yes);
  CHECK(spool.store(sample(), {}, 10) == Spool::Stored::yes);
  const auto names = spool.list();
  REQUIRE(names->size() == 2);
  CHECK(spool.read(names->front())->report == sample());
  SpooledReport half = *spool.read(names->front());
  half.sent = {"a@bank.example"};
  REQUIRE(spool.replace(names->front(), half));
  CHECK(spool.read(names->front()) == half);
  REQUIRE(spool.remove(names->front()));
  CHECK(spool.list()->size() == 1);
  CHECK(spool.remove(names->front()));  // somebody else was quicker
}

TEST_CASE("spool: no more than it may hold", "[failure]") {
  const TemporaryFolder folder;
  Spool spool(folder.path() + "/failure");
  CHECK(spool.store(sample(), {}, 2) == Spool::Stored::yes);
  CHECK(spool.store(sample(), {}, 2) == Spool::Stored::yes);
  CHECK(spool.store(sample(), {}, 2) == Spool::Stored::full);
  CHECK(spool.list()->size() == 2);
}

TEST_CASE("spool: each owner has a tenth, and one in any case", "[failure]") {
  const TemporaryFolder folder;
  Spool spool(folder.path() + "/failure");
  const auto store = [&](std::vector<std::string> owners, std::size_t most) {
    return *spool.store(sample(), owners, most);
  };
  CHECK(store({"of evil", "to evil"}, 20) == Spool::Stored::yes);
  CHECK(store({"of evil", "to evil"}, 20) == Spool::Stored::yes);
  CHECK(store({"of evil", "to other"}, 20) == Spool::Stored::over_share);
  CHECK(store({"of other", "to evil"}, 20) == Spool::Stored::over_share);
  CHECK(store({"of other", "to other"}, 20) == Spool::Stored::yes);
  CHECK(store({"of third"}, 5) == Spool::Stored::yes);
  CHECK(store({"of third"}, 5) == Spool::Stored::over_share);
  CHECK(store({"of fourth"}, 4) == Spool::Stored::full);
}

TEST_CASE("spool: for our user alone", "[failure]") {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/failure";
  Spool spool(path);
  REQUIRE(spool.store(sample(), {}, 10));
  REQUIRE(spool.redaction_key());
  struct stat status{};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0700);
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    REQUIRE(stat(entry.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
  }
}

TEST_CASE("spool: the key of pseudonyms is made once", "[failure]") {
  const TemporaryFolder folder;
  const auto key = Spool(folder.path() + "/failure").redaction_key();
  REQUIRE(key);
  CHECK(key->size() == 32);
  CHECK(Spool(folder.path() + "/failure").redaction_key() == key);
  CHECK(Spool(folder.path() + "/failure").list()->empty());
  const TemporaryFolder other;
  CHECK(Spool(other.path()).redaction_key() != key);
}

TEST_CASE("spool: errors name the file", "[failure]") {
  const TemporaryFolder folder;
  CHECK_THAT(Spool("/nonexistent/spool").store(sample(), {}, 1).error(),
             Catch::StartsWith("/nonexistent/spool: "));
  Spool spool(folder.path());
  CHECK_THAT(spool.read("none.json").error(), Catch::Contains("none.json: "));
  write(folder.path() + "/odd.json", "{");
  CHECK_THAT(spool.read("odd.json").error(), Catch::Contains("odd.json: no failure report"));
  write(folder.path() + "/large.json", std::string(Spool::max_file_octets + 1, 'x'));
  CHECK_THAT(spool.read("large.json").error(), Catch::Contains("large.json: larger"));
  write(folder.path() + "/redaction.key", "");
  CHECK_THAT(spool.redaction_key().error(), Catch::Contains("redaction.key: is empty"));
}

}  // namespace sekisho::report::failure
