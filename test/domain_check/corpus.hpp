// Zones with one deviation each, test/data/domain_check/corpus.
#pragma once

#include "domain_check/domain_check.hpp"

#include <string>
#include <vector>

namespace sekisho::domain_check {

/// `domain` of a zone in master-file form.
[[nodiscard]] Report checked(const std::string& zone, const std::string& domain,
                             const Options& options = {});
/// The base zone as it is.
[[nodiscard]] std::string base_zone();
/// The base zone with the changes `- prefix` and `+ line`.
[[nodiscard]] std::string changed_zone(const std::vector<std::string>& changes);
/// The ids of all findings, sorted, each once.
[[nodiscard]] std::vector<std::string> ids_of(const Report& report);

struct Row {
  std::string what;
  std::vector<std::string> changes;
  std::string domain = "shop.example";
  Options options;
  std::vector<std::string> ids;
};
[[nodiscard]] std::vector<Row> corpus();

}  // namespace sekisho::domain_check
