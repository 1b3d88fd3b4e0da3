// How `sekisho preflight` prints what was found.
#pragma once

#include "preflight/examination.hpp"
#include "tools/preflight/author_domain.hpp"
#include "tools/preflight/unsubscribe_host.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::tools {

struct ShownPreflight {
  preflight::Report report;
  std::string message;  ///< The name of the file.
  std::vector<std::string> recipients;
  bool is_signed_here = false;                   ///< The message was signed first.
  std::optional<DomainRun> domain;               ///< Checks of the author's domain (--domain).
  std::optional<UnsubscribeAnswer> unsubscribe;  ///< Nullopt: nobody was asked.
};

/// One JSON object with the keys that sekisho-preflight(1) documents, and a line end.
[[nodiscard]] std::string format_preflight_json(const ShownPreflight& shown);

/// For a person: each finding with what receivers make of it and what to do, errors first; then the
/// reply of each receiver.
[[nodiscard]] std::string format_preflight_text(const ShownPreflight& shown, bool colour);

}  // namespace sekisho::tools
