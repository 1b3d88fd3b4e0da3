// Observations and their parts as JSON text, for columns of the store and for the spill file.
#pragma once

#include "report/format/tls_report.hpp"
#include "report/store/observation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::store {

/// Writes and reads a policy without its domain. The readers accept what the writers write, and
/// return nullopt for anything else.
[[nodiscard]] std::string write_policy(const format::PolicyPublished& policy);
[[nodiscard]] std::optional<format::PolicyPublished> read_policy(std::string_view text);

[[nodiscard]] std::string write_addresses(const std::vector<std::string>& addresses);
[[nodiscard]] std::optional<std::vector<std::string>> read_addresses(std::string_view text);

/// DKIM and SPF results and override reasons.
[[nodiscard]] std::string write_results(const format::AggregateRecord& record);
/// Reads into the same members of `record`. Returns false if the text is not valid.
[[nodiscard]] bool read_results(std::string_view text, format::AggregateRecord& record);

/// Writes and reads lines, MX hosts and failures of a TLS policy. The reader fills the same members
/// of `policy`; it returns false if the text is not valid.
[[nodiscard]] std::string write_tls_details(const format::TlsPolicy& policy);
[[nodiscard]] bool read_tls_details(std::string_view text, format::TlsPolicy& policy);

/// Returns an observation as one line.
[[nodiscard]] std::string write_observation(const Observation& observation);
/// Makes all text in it printable().
[[nodiscard]] std::optional<Observation> read_observation(std::string_view text);

}  // namespace sekisho::report::store
