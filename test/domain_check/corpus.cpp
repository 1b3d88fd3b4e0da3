#include "domain_check/corpus.hpp"

#include "dns/zone_file.hpp"
#include "domain_check/memory.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

namespace sekisho::domain_check {

namespace {

std::string file_text(const std::string& name) {
  std::ifstream file(std::string(SEKISHO_TEST_DATA) + "/domain_check/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Blanks count as one.
std::string squeezed(const std::string& line) {
  std::istringstream words(line);
  std::string text;
  for (std::string word; words >> word;) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

void set_option(Row& row, const std::string& option) {
  const std::string value = option.substr(option.find('=') + 1);
  if (option.starts_with("domain=")) {
    row.domain = value;
  } else if (option == "selector=none") {
    row.options.selectors.clear();
  } else if (option.starts_with("selector=")) {
    row.options.selectors.push_back(value);
  } else if (option.starts_with("ip=")) {
    row.options.clients.push_back(dns::IpAddress::parse(value).value());
  } else if (option.starts_with("helo=")) {
    row.options.helo = value;
  } else if (option == "parked") {
    row.options.parked = true;
  } else {
    throw std::invalid_argument("option " + option);
  }
}

void add_line(std::vector<Row>& rows, const std::string& line) {
  const std::string rest = line.size() > 2 ? line.substr(2) : "";
  if (line.starts_with(':')) {
    Row row;
    row.what = rest;
    row.options.selectors = {"2026a"};
    rows.push_back(row);
    return;
  }
  std::istringstream words(rest);
  switch (line.front()) {
    case '!':
      for (std::string word; words >> word;) {
        set_option(rows.back(), word);
      }
      return;
    case '=':
      for (std::string word; words >> word;) {
        rows.back().ids.push_back(word);
      }
      std::ranges::sort(rows.back().ids);
      return;
    default:
      rows.back().changes.push_back(line);
  }
}

}  // namespace

Report checked(const std::string& zone, const std::string& domain, const Options& options) {
  auto parsed = dns::ZoneFile::parse(zone, "zone");
  if (!parsed) {
    throw std::invalid_argument(parsed.error().message);
  }
  constexpr std::size_t budget = 400;
  const auto memory =
      std::make_shared<Memory>(std::shared_ptr<dns::ZoneFile>(*std::move(parsed)), budget);
  Options complete = options;
  complete.documentation_is_public = true;
  return check_domain(test::lookups_on(memory), mail::Domain::parse(domain).value(), complete);
}

std::string base_zone() {
  return file_text("base.zone");
}

std::string changed_zone(const std::vector<std::string>& changes) {
  std::istringstream lines(base_zone());
  std::string zone;
  for (std::string line; std::getline(lines, line);) {
    const bool is_removed = std::ranges::any_of(changes, [&](const std::string& change) {
      return change.starts_with("- ") && squeezed(line).starts_with(change.substr(2));
    });
    zone += is_removed ? "" : line + '\n';
  }
  for (const std::string& change : changes) {
    zone += change.starts_with("+ ") ? change.substr(2) + '\n' : "";
  }
  return zone;
}

std::vector<std::string> ids_of(const Report& report) {
  std::set<std::string> ids;
  for (const Finding& finding : report.outcomes.findings()) {
    ids.emplace(info_of(finding.check).id);
  }
  return {ids.begin(), ids.end()};
}

std::vector<Row> corpus() {
  std::istringstream lines(file_text("corpus"));
  std::vector<Row> rows;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && !line.starts_with('#')) {
      add_line(rows, line);
    }
  }
  return rows;
}

}  // namespace sekisho::domain_check
