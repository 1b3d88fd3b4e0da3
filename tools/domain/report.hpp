// How `sekisho domain check` prints what it found.
#pragma once

#include "domain_check/domain_check.hpp"
#include "domain_check/what_if.hpp"
#include "tools/cli/refusal.hpp"

#include <chrono>
#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace sekisho::tools {

struct DomainRun {
  domain_check::Report report;
  std::chrono::sys_seconds time;
  std::size_t questions = 0;
  std::chrono::milliseconds duration{0};
  std::optional<domain_check::MailEffect> effect;  ///< Of the records of --with.
};

/// The outcomes of an earlier run, by domain, id and name. No level: it was unknown.
using Baseline =
    std::map<std::tuple<std::string, std::string, std::string>, std::optional<domain_check::Level>>;

/// Reads the output of `--format json`.
[[nodiscard]] std::expected<Baseline, Refusal> read_baseline(const std::string& path);

/// Which outcomes are printed.
struct Selection {
  bool all = false;                ///< Also advice, and checks without a finding.
  std::vector<std::string> only;   ///< Prefixes of ids; empty: all.
  std::optional<Baseline> before;  ///< What is not to be repeated.
};

struct Selected {
  std::vector<domain_check::Finding> findings;  ///< Errors first, then warnings, then advice.
  std::vector<domain_check::Unknown> unknowns;
  std::vector<domain_check::Good> goods;
};
[[nodiscard]] Selected select(const domain_check::Report& report, const Selection& selection);

/// One object with the keys that sekisho-domain(1) documents; a list if there are several domains.
[[nodiscard]] std::string format_domains_json(const std::vector<DomainRun>& runs,
                                              const Selection& selection);
[[nodiscard]] std::string format_domain_text(const DomainRun& run, const Selection& selection,
                                             bool colour);

}  // namespace sekisho::tools
