// A message, its signatures, their results and keys, and what comes of the search.
#pragma once

#include "dkim_diagnosis/account.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/refusal.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace sekisho::tools {

struct WhyArguments {
  std::string message;
  std::string original;
  std::string domain;
  std::size_t signature = 0;
  std::string effort = "1s";
  bool show = false;
  DnsArguments dns;
  std::optional<std::int64_t> now;
  std::string format = "text";
};

/// Reads the message, verifies its signatures and searches for what was changed.
[[nodiscard]] std::expected<dkim_diagnosis::Account, Refusal> examine(
    const WhyArguments& arguments);

/// For terminals and for people.
[[nodiscard]] std::string format_why_text(const dkim_diagnosis::Account& account, bool show,
                                          bool colour);
[[nodiscard]] std::string format_why_json(const dkim_diagnosis::Account& account, bool show);

}  // namespace sekisho::tools
