#include "tools/domain/watch.hpp"

#include "domain_check/finding_counts.hpp"
#include "tools/cli/new_file.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include <unistd.h>

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using domain_check::Level;
using Json = nlohmann::ordered_json;

std::string last_run_file(const config::Domains& domains) {
  return domains.folder + "/last.json";
}

// "spf" of "spf.lookups".
std::string_view topic_of(std::string_view id) {
  return id.substr(0, id.find('.'));
}

bool is_unanswered(const DomainRun& run, std::string_view id) {
  return !run.report.is_answered ||
         std::ranges::any_of(run.report.outcomes.unknowns(), [id](const auto& unknown) {
           return topic_of(domain_check::info_of(unknown.check).id) == topic_of(id);
         });
}

void add_known_before(const Baseline& before, const DomainRun& run, Baseline& known) {
  for (const auto& [key, level] : before) {
    const auto& [domain, id, name] = key;
    if (level && domain == run.report.domain.text() && is_unanswered(run, id)) {
      known.try_emplace(key, level);
    }
  }
}

std::expected<void, Refusal> replace(const std::string& path, const std::string& text) {
  const std::string draft = path + ".new";
  unlink(draft.c_str());
  if (auto written = write_new_file(draft, text, 0644); !written) {
    return written;
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) {
    const std::string reason = last_reason();
    unlink(draft.c_str());
    return std::unexpected(Refusal{exit_failure, path + ": " + reason});
  }
  return {};
}

// As `--format json` has them, since read_baseline() reads both.
std::string format_known(const Baseline& known) {
  std::map<std::string, Json> domains;
  for (const auto& [key, level] : known) {
    const auto& [domain, id, name] = key;
    Json& object = domains.try_emplace(domain, Json{{"domain", domain}}).first->second;
    if (level) {
      object["findings"].push_back(
          {{"id", id}, {"name", name}, {"level", domain_check::format_level(*level)}});
    }
  }
  Json list = Json::array();
  for (auto& [domain, object] : domains) {
    list.push_back(std::move(object));
  }
  return list.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

// Also those that are none, so that a graph falls to 0.
std::vector<domain_check::FindingCount> count(const config::Domains& domains,
                                              const Baseline& known) {
  std::vector<domain_check::FindingCount> counts;
  for (const mail::Domain& domain : domains.watch) {
    for (const Level level : {Level::error, Level::warning, Level::advice}) {
      const auto number = std::ranges::count_if(known, [&](const auto& outcome) {
        return std::get<0>(outcome.first) == domain.text() && outcome.second == level;
      });
      counts.push_back({domain.text(), level, static_cast<std::size_t>(number)});
    }
  }
  return counts;
}

}  // namespace

Baseline read_last_run(const config::Domains& domains) {
  const std::string path = last_run_file(domains);
  if (!std::filesystem::exists(path)) {
    return {};
  }
  auto before = read_baseline(path);
  if (!before) {
    std::cerr << "sekisho domain check: " << before.error().message
              << "; all findings count as new\n";
    return {};
  }
  return *std::move(before);
}

Baseline known_after(const Baseline& before, const std::vector<DomainRun>& runs) {
  Baseline known;
  for (const DomainRun& run : runs) {
    for (const auto& finding : run.report.outcomes.findings()) {
      known.try_emplace({run.report.domain.text(),
                         std::string(domain_check::info_of(finding.check).id), finding.name},
                        finding.level);
    }
    add_known_before(before, run, known);
  }
  return known;
}

std::expected<void, Refusal> write_last_run(const config::Domains& domains, const Baseline& known) {
  std::error_code error;
  std::filesystem::create_directories(domains.folder, error);
  if (error) {
    return std::unexpected(Refusal{exit_failure, domains.folder + ": " + error.message()});
  }
  if (auto written = replace(last_run_file(domains), format_known(known)); !written) {
    return written;
  }
  return replace(domains.folder + "/counts", domain_check::format_counts(count(domains, known)));
}

std::string format_lines(const std::vector<DomainRun>& runs, const Selection& selection) {
  std::string lines;
  for (const DomainRun& run : runs) {
    for (const auto& finding : select(run.report, selection).findings) {
      lines += run.report.domain.text() + ": " +
               std::string(domain_check::format_level(finding.level)) + ": " +
               std::string(domain_check::info_of(finding.check).id) + ": " + finding.name;
      lines += (finding.evidence.empty() ? "" : ": " + finding.evidence) +
               (finding.remedy.empty() ? "" : "; " + finding.remedy) + '\n';
    }
  }
  return lines;
}

}  // namespace sekisho::tools
