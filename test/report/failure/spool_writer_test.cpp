#include "report/failure/spool_writer.hpp"

#include "guarded.hpp"
#include "report/failure/sample.hpp"
#include "report/failure/spool.hpp"
#include "report/failure/temporary_folder.hpp"

#include <fstream>

#include <catch2/catch.hpp>

namespace sekisho::report::failure {

namespace {

using Catch::Contains;

/// Keeps what a reporter says.
class Lines {
 public:
  [[nodiscard]] FailureLog log() {
    return {.info = [this](std::string_view text) { add(text); },
            .warning = [this](std::string_view text) { add("warning: " + std::string(text)); }};
  }
  [[nodiscard]] std::string text() { return *text_.lock(); }

 private:
  void add(std::string_view line) { text_.lock()->append(line).append("\n"); }

  Guarded<std::string> text_;
};

FailureJob job(const std::string& spool, const std::string& owner = "bank.example") {
  FailureJob job;
  job.message = failed_message();
  dmarc::Result& dmarc = *job.message.findings.dmarc;
  dmarc.author_domain = domain(("mail." + owner).c_str());
  dmarc.organizational_domain = dmarc.record_domain = domain(owner.c_str());
  dmarc.record->failure_uris = {"mailto:failures@" + owner};
  job.options = {.enabled = true, .spool = spool};
  job.wanted = select_failure_reports(job.message, job.options);
  job.authserv_id = "mx.example.org";
  return job;
}

constexpr std::chrono::minutes patience{1};

}  // namespace

TEST_CASE("reporter: a report is in the spool", "[failure]") {
  const TemporaryFolder folder;
  Lines lines;
  SpoolWriter reporter(lines.log());
  reporter.put(job(folder.path()));
  REQUIRE(reporter.finish(patience));
  const Spool spool(folder.path());
  const auto names = spool.list();
  REQUIRE(names->size() == 1);
  const auto spooled = spool.read(names->front());
  CHECK(spooled->report.policy_domain == "bank.example");
  CHECK_THAT(spooled->report.header, !Contains("bob@"));  // redacted, as is the default
  CHECK_THAT(lines.text(), Contains("failure report (dmarc) waits for the owner of bank.example"));
}

TEST_CASE("reporter: what is over the rate is counted", "[failure]") {
  const TemporaryFolder folder;
  Lines lines;
  SpoolWriter reporter(lines.log());
  for (int i = 0; i < 5; ++i) {
    FailureJob next = job(folder.path());
    next.options.per_hour = 2;
    reporter.put(std::move(next));
  }
  REQUIRE(reporter.finish(patience));
  CHECK(Spool(folder.path()).list()->size() == 2);
  CHECK_THAT(lines.text(), Contains("warning: failure reports not written: 3 over the rate"));
}

TEST_CASE(
    "reporter: sub-domains share the rate of their organization, and records that of whom they "
    "send to",
    "[failure]") {
  const TemporaryFolder folder;
  Lines lines;
  SpoolWriter reporter(lines.log());
  for (int i = 0; i < 10; ++i) {
    FailureJob below = job(folder.path(), "x" + std::to_string(i) + ".bank.example");
    below.options.per_hour = 2;
    reporter.put(std::move(below));
    FailureJob other = job(folder.path(), "bank" + std::to_string(i) + ".example");
    other.message.findings.dmarc->record->failure_uris = {"mailto:r" + std::to_string(i) +
                                                          "@one.example"};
    other.options.per_hour = 2;
    reporter.put(std::move(other));
  }
  REQUIRE(reporter.finish(patience));
  CHECK(Spool(folder.path()).list()->size() == 4);
  CHECK_THAT(lines.text(), Contains("warning: failure reports not written: 16 over the rate"));
}

TEST_CASE("reporter: a full spool", "[failure]") {
  const TemporaryFolder folder;
  Lines lines;
  SpoolWriter reporter(lines.log());
  for (int i = 0; i < 3; ++i) {
    FailureJob next = job(folder.path());
    next.options.max_spooled = 1;
    reporter.put(std::move(next));
  }
  REQUIRE(reporter.finish(patience));
  CHECK_THAT(lines.text(), Contains("2 since the spool is full"));
}

TEST_CASE("reporter: one owner cannot fill the spool", "[failure]") {
  const TemporaryFolder folder;
  Lines lines;
  SpoolWriter reporter(lines.log());
  for (int i = 0; i < 6; ++i) {
    FailureJob next = job(folder.path());
    next.options.max_spooled = 40;
    reporter.put(std::move(next));
  }
  reporter.put(job(folder.path(), "other.example"));
  REQUIRE(reporter.finish(patience));
  CHECK(Spool(folder.path()).list()->size() == 5);
  CHECK_THAT(lines.text(), Contains("2 since their owner's share of the spool is used up"));
}

TEST_CASE("reporter: a spool that cannot be written", "[failure]") {
  Lines lines;
  SpoolWriter reporter(lines.log());
  reporter.put(job("/nonexistent/spool"));
  REQUIRE(reporter.finish(patience));
  CHECK_THAT(lines.text(), Contains("1 for an error: /nonexistent/spool: No such file"));
}

TEST_CASE("reporter: it never waits, and drops what is too much", "[failure]") {
  const TemporaryFolder folder;
  Lines lines;
  SpoolWriter reporter(lines.log());
  constexpr std::size_t many = 400;
  for (std::size_t i = 0; i < many; ++i) {
    FailureJob next = job(folder.path(), "bank" + std::to_string(i) + ".example");
    next.options.per_hour = next.options.per_day = next.options.max_spooled = many;
    reporter.put(std::move(next));
  }
  REQUIRE(reporter.finish(patience));
  const std::size_t written = Spool(folder.path()).list()->size();
  CHECK(written >= SpoolWriter::max_waiting);
  if (written < many) {
    CHECK_THAT(lines.text(),
               Contains(std::to_string(many - written) + " since too many were waiting"));
  }
}

TEST_CASE("reporter: no thread and nothing to do without a message", "[failure]") {
  Lines lines;
  SpoolWriter reporter(lines.log());
  CHECK(reporter.finish(std::chrono::milliseconds(0)));
  CHECK(lines.text().empty());
}

}  // namespace sekisho::report::failure
