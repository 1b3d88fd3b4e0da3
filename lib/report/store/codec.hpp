// Observations and their parts as text (JSON): in columns of the store, and in the spill file.
#pragma once

#include "report/format/tls_report.hpp"
#include "report/store/observation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::store {

/// What makes up a policy but for its domain, and the other way round. The readers take what the
/// writers write, and give nullopt for anything else.
[[nodiscard]] std::string write_policy(const format::PolicyPublished& policy);
[[nodiscard]] std::optional<format::PolicyPublished> read_policy(std::string_view text);

[[nodiscard]] std::string write_addresses(const std::vector<std::string>& addresses);
[[nodiscard]] std::optional<std::vector<std::string>> read_addresses(std::string_view text);

/// DKIM and SPF results and override reasons.
[[nodiscard]] std::string write_results(const format::AggregateRecord& record);
/// Into the same members of `record`. False: not such text.
[[nodiscard]] bool read_results(std::string_view text, format::AggregateRecord& record);

/// Lines, MX hosts and failures of a TLS policy. The reader fills the same members of `policy`;
/// false: not such text.
[[nodiscard]] std::string write_tls_details(const format::TlsPolicy& policy);
[[nodiscard]] bool read_tls_details(std::string_view text, format::TlsPolicy& policy);

/// A whole observation, on one line.
[[nodiscard]] std::string write_observation(const Observation& observation);
/// All text in it is made printable().
[[nodiscard]] std::optional<Observation> read_observation(std::string_view text);

}  // namespace sekisho::report::store
