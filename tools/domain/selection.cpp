#include "tools/domain/report.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using Json = nlohmann::json;
using domain_check::Check;
using domain_check::Level;

bool is_wanted(Check check, const Selection& selection) {
  const std::string_view id = domain_check::info_of(check).id;
  return selection.only.empty() ||
         std::ranges::any_of(selection.only,
                             [&](const std::string& prefix) { return id.starts_with(prefix); });
}

// Of a finding, one that was as bad before; of an unknown, without a level, whatever was before.
bool is_repeated(const std::string& domain, Check check, const std::string& name,
                 std::optional<Level> level, const Selection& selection) {
  if (!selection.before) {
    return false;
  }
  const auto before =
      selection.before->find({domain, std::string(domain_check::info_of(check).id), name});
  if (before == selection.before->end()) {
    return false;
  }
  return !level || (before->second && *before->second <= *level);
}

std::string text_at(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

void add(const Json& object, Baseline& baseline) {
  if (!object.is_object()) {
    return;
  }
  const std::string domain = text_at(object, "domain");
  for (const char* const key : {"findings", "unknown"}) {
    const auto list = object.find(key);
    if (list == object.end() || !list->is_array()) {
      continue;
    }
    for (const Json& outcome : *list) {
      if (outcome.is_object()) {
        baseline.try_emplace({domain, text_at(outcome, "id"), text_at(outcome, "name")},
                             domain_check::parse_level(text_at(outcome, "level")));
      }
    }
  }
}

}  // namespace

Selected select(const domain_check::Report& report, const Selection& selection) {
  const std::string& domain = report.domain.text();
  Selected selected;
  for (const auto& finding : report.outcomes.findings()) {
    const bool is_shown = selection.all || finding.level != domain_check::Level::advice;
    if (is_shown && is_wanted(finding.check, selection) &&
        !is_repeated(domain, finding.check, finding.name, finding.level, selection)) {
      selected.findings.push_back(finding);
    }
  }
  std::ranges::stable_sort(selected.findings, {}, &domain_check::Finding::level);
  for (const auto& unknown : report.outcomes.unknowns()) {
    if (is_wanted(unknown.check, selection) &&
        !is_repeated(domain, unknown.check, unknown.name, std::nullopt, selection)) {
      selected.unknowns.push_back(unknown);
    }
  }
  for (const auto& good : report.outcomes.goods()) {
    if (is_wanted(good.check, selection)) {
      selected.goods.push_back(good);
    }
  }
  return selected;
}

std::expected<Baseline, Refusal> read_baseline(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::unexpected(Refusal{exit_failure, path + ": cannot be opened"});
  }
  const Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || (!json.is_object() && !json.is_array())) {
    return std::unexpected(
        Refusal{exit_failure, path + ": not the output of domain check --format json"});
  }
  Baseline baseline;
  if (json.is_object()) {
    add(json, baseline);
    return baseline;
  }
  for (const Json& object : json) {
    add(object, baseline);
  }
  return baseline;
}

}  // namespace sekisho::tools
