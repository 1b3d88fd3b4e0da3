// The words of a refusal: lines of a template, filled in.
#pragma once

#include "findings/findings.hpp"
#include "policy/judgement.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::policy {

/// Nullopt, or what is wrong with the template or the URL, for people. Fields: {what}, {domain},
/// {client}, {queue_id}, and in the lines {url}.
[[nodiscard]] std::optional<std::string> find_template_fault(const std::vector<std::string>& lines);
[[nodiscard]] std::optional<std::string> find_url_fault(const std::string& url);

/// The reply to `refusals`, which are not empty; the code is that of the first, or 5.7.26 where
/// several methods failed (RFC 7372 §4). A line with {what} is there once for each refusal; a line
/// with a field that has no value is left out. Nothing of the message gets in but its author
/// domain, as A-labels.
[[nodiscard]] Reply write_reply(const std::vector<Refusal>& refusals,
                                const findings::Findings& findings, const Options& options);

}  // namespace sekisho::policy
