// Metrics as text, and the files that name them.
#include "milter/monitor/prometheus_text.hpp"

#include "milter/monitor/snapshot.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace sekisho;
using namespace std::chrono_literals;
using milter::PrometheusText;

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(SEKISHO_SOURCE_DIR "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), expression), end; it != end; ++it) {
    found.insert((*it)[1].str());
  }
  return found;
}

std::string page() {
  milter::Snapshot snapshot;
  snapshot.counters = milter::MessageCounters().read();
  snapshot.counters.preflight = {{"from.missing", "error", 1}};
  snapshot.domain_findings = {{"shop.example", domain_check::Level::error, 2}};
  snapshot.sent = {{"shop.example", "gmail", {}, 4'212}};
  return format_metrics(snapshot);
}

/// Names as queries have them: those of a histogram with their suffixes.
std::set<std::string> names_of_samples() {
  return all_matches(page(), "\n(sekisho_[a-z_]+)");
}

std::set<std::string> names_of_families() {
  return all_matches(page(), "# TYPE (sekisho_[a-z_]+) ");
}

}  // namespace

TEST_CASE("families and samples are written in the format 0.0.4", "[milter]") {
  PrometheusText page;
  page.family("mail_total", PrometheusText::Kind::counter, "Mail.");
  page.sample({{"action", "accept"}, {"why", "a\"b\\c\nd"}}, 3);
  page.family("keys", PrometheusText::Kind::gauge, "Keys.");
  page.sample(0);
  CHECK(page.take() ==
        "# HELP mail_total Mail.\n"
        "# TYPE mail_total counter\n"
        "mail_total{action=\"accept\",why=\"a\\\"b\\\\c\\nd\"} 3\n"
        "# HELP keys Keys.\n"
        "# TYPE keys gauge\n"
        "keys 0\n");
}

TEST_CASE("a histogram has its buckets in seconds, its sum and its count", "[milter]") {
  Histogram histogram;
  histogram.add(3ms);
  histogram.add(1h);
  PrometheusText page;
  page.histogram("wait_seconds", "Wait.", histogram.read());
  const std::string text = page.take();
  CHECK_THAT(text, Catch::StartsWith("# HELP wait_seconds Wait.\n"
                                     "# TYPE wait_seconds histogram\n"
                                     "wait_seconds_bucket{le=\"0.001\"} 0\n"
                                     "wait_seconds_bucket{le=\"0.002\"} 0\n"
                                     "wait_seconds_bucket{le=\"0.005\"} 1\n"));
  CHECK_THAT(text, Catch::EndsWith("wait_seconds_bucket{le=\"2.5\"} 1\n"
                                   "wait_seconds_bucket{le=\"5\"} 1\n"
                                   "wait_seconds_bucket{le=\"10\"} 1\n"
                                   "wait_seconds_bucket{le=\"+Inf\"} 2\n"
                                   "wait_seconds_sum 3600.003\n"
                                   "wait_seconds_count 2\n"));
}

TEST_CASE("every line of the page is one that Prometheus reads", "[milter]") {
  const std::regex sample(R"re([a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+)re");
  const std::regex comment("# (HELP|TYPE) [a-z_]+ .+");
  std::istringstream lines(page());
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK((std::regex_match(line, sample) || std::regex_match(line, comment)));
  }
}

TEST_CASE("a clock that was set back is no age", "[milter]") {
  const auto [now, seconds] = GENERATE(table<std::int64_t, std::int64_t>({
      {1'795'000'060, 60},
      {1'795'000'000, 0},
      {1'794'990'000, 0},
  }));
  milter::Snapshot snapshot;
  snapshot.counters = milter::MessageCounters().read();
  snapshot.recent_events.started = std::chrono::sys_seconds{std::chrono::seconds{1'795'000'000}};
  snapshot.now = std::chrono::sys_seconds{std::chrono::seconds{now}};
  CHECK(nlohmann::json::parse(format_status(snapshot)).at("seconds") == seconds);
}

TEST_CASE("the man page has every metric", "[milter]") {
  const auto told = all_matches(contents("man/sekishod.8"), "\n\\.It Li (sekisho_[a-z_]+)");
  CHECK(told == names_of_families());
}

TEST_CASE("dashboard and alert rules name metrics and labels that the page has", "[milter]") {
  const std::string path =
      GENERATE("contrib/grafana/sekisho.json", "contrib/prometheus/sekisho.rules.yml");
  CAPTURE(path);
  const std::string text = contents(path);
  const auto samples = names_of_samples();
  const auto used = all_matches(text, "\\b(sekisho_[a-z_]+)");
  CHECK(used.size() > 10);
  for (const std::string& name : used) {
    CAPTURE(name);
    CHECK(samples.contains(name));
  }
  const auto values = all_matches(page(), "=\"([^\"]+)\"");
  // As PromQL has them in a JSON string and in YAML.
  for (const auto& alternatives :
       all_matches(text, "(?:action|fate|method|outcome|reason|state)=~?\\\\?\"([^\"\\\\]+)")) {
    for (const auto& value : all_matches(alternatives + "|", "([^|]+)\\|")) {
      CAPTURE(value);
      CHECK(values.contains(value));
    }
  }
}

TEST_CASE("the dashboard shows every metric", "[milter]") {
  const std::string dashboard = contents("contrib/grafana/sekisho.json");
  for (const std::string& family : names_of_families()) {
    CHECK_THAT(dashboard, Catch::Contains(family));
  }
}
