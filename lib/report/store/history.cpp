#include "report/store/history.hpp"

#include "mail/domain.hpp"
#include "report/format/printable.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::report::store {

namespace {

constexpr std::size_t max_line = 4'096;
constexpr std::size_t max_name = 255;
// Of one message; more of them are no history of any.
constexpr std::size_t max_lines = 1'000;

struct Line {
  std::string key;
  std::vector<std::string> values;
};

Line split(std::string_view text) {
  Line line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t\r"), text.size());
    if (end > 0) {
      (line.key.empty() ? line.key : line.values.emplace_back()) = text.substr(0, end);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return line;
}

using Job = std::vector<Line>;

const std::string* value_of(const Job& job, std::string_view key) {
  const auto line = std::ranges::find(job, key, &Line::key);
  return line == job.end() || line->values.empty() ? nullptr : &line->values.front();
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

std::optional<std::int64_t> number_of(const Job& job, std::string_view key) {
  const std::string* value = value_of(job, key);
  return value == nullptr ? std::nullopt : number_in(*value);
}

/// ARES_RESULT_*
std::optional<format::AuthResult> result_of(std::int64_t number) {
  constexpr std::pair<std::int64_t, format::AuthResult> results[] = {
      {0, format::AuthResult::pass},      {2, format::AuthResult::softfail},
      {3, format::AuthResult::neutral},   {4, format::AuthResult::temperror},
      {5, format::AuthResult::permerror}, {6, format::AuthResult::none},
      {7, format::AuthResult::fail},      {8, format::AuthResult::policy}};
  const auto* const found =
      std::ranges::find(results, number, [](auto pair) { return pair.first; });
  return found == std::end(results) ? std::nullopt : std::optional(found->second);
}

/// DMARC_RECORD_P_*: a letter as a number, 0 where the record has no such tag.
std::optional<dmarc::Policy> policy_of(std::optional<std::int64_t> letter) {
  switch (letter.value_or(0)) {
    case 'n':
      return dmarc::Policy::none;
    case 'q':
      return dmarc::Policy::quarantine;
    case 'r':
      return dmarc::Policy::reject;
    default:
      return std::nullopt;
  }
}

/// DMARC_RECORD_A_*
dmarc::AlignmentMode mode_of(std::optional<std::int64_t> letter) {
  return letter == 's' ? dmarc::AlignmentMode::strict : dmarc::AlignmentMode::relaxed;
}

constexpr std::int64_t policy_absent = 14;   // DMARC_POLICY_ABSENT
constexpr std::int64_t alignment_pass = 4;   // DMARC_POLICY_*_ALIGNMENT_PASS
constexpr std::int64_t result_tempfail = 3;  // DMARC_RESULT_TEMPFAIL

/// DMARC_RESULT_*, the actions
std::optional<dmarc::Policy> enforced_by(std::optional<std::int64_t> action) {
  switch (action.value_or(-1)) {
    case 0:  // reject
    case 1:  // discard
      return dmarc::Policy::reject;
    case 2:  // accept
      return dmarc::Policy::none;
    case 4:  // quarantine
      return dmarc::Policy::quarantine;
    default:
      return std::nullopt;
  }
}

std::vector<std::string> addresses_in(const Job& job) {
  std::vector<std::string> addresses;
  for (const Line& line : job) {
    if (line.key == "rua" && !line.values.empty() && line.values[0] != "-") {
      addresses.push_back(format::printable(line.values[0], max_line));
    }
  }
  return addresses;
}

bool is_reported(const Job& job) {
  return number_of(job, "action") != result_tempfail &&
         number_of(job, "policy").value_or(policy_absent) != policy_absent &&
         !addresses_in(job).empty();
}

/// `dkim DOMAIN RESULT`, since 1.4 `dkim DOMAIN SELECTOR RESULT`.
std::optional<format::DkimAuthResult> signature_in(const Line& line) {
  if (line.values.size() < 2) {
    return std::nullopt;
  }
  const auto number = number_in(line.values.back());
  const auto result = number ? result_of(*number) : std::nullopt;
  const auto domain = mail::Domain::parse(line.values[0]);
  if (!result || !domain || result == format::AuthResult::softfail) {
    return std::nullopt;
  }
  return format::DkimAuthResult{
      domain->text(), line.values.size() > 2 ? format::printable(line.values[1], max_name) : "",
      *result, ""};
}

std::vector<format::DkimAuthResult> signatures_in(const Job& job) {
  std::vector<format::DkimAuthResult> signatures;
  for (const Line& line : job) {
    if (line.key != "dkim" || signatures.size() == format::max_record_results) {
      continue;
    }
    if (auto signature = signature_in(line)) {
      signatures.push_back(*std::move(signature));
    }
  }
  return signatures;
}

std::optional<mail::Domain> domain_of(const Job& job, std::string_view key) {
  const std::string* value = value_of(job, key);
  return value == nullptr ? std::nullopt : mail::Domain::parse(*value);
}

format::PolicyPublished published_in(const Job& job, const mail::Domain& domain) {
  format::PolicyPublished policy;
  policy.domain = domain.text();
  policy.discovery_method = dmarc::DiscoveryMethod::psl;
  policy.policy = policy_of(number_of(job, "p")).value_or(dmarc::Policy::none);
  policy.subdomain_policy = policy_of(number_of(job, "sp")).value_or(*policy.policy);
  policy.dkim_alignment = mode_of(number_of(job, "adkim"));
  policy.spf_alignment = mode_of(number_of(job, "aspf"));
  policy.percent = static_cast<std::uint8_t>(
      std::clamp<std::int64_t>(number_of(job, "pct").value_or(100), 0, 100));
  return policy;
}

std::optional<Observation> observation_in(const Job& job) {
  const auto received = number_of(job, "received");
  const std::string* source = value_of(job, "ipaddr");
  const auto address = source == nullptr ? std::nullopt : dns::IpAddress::parse(*source);
  const auto author = domain_of(job, "from");
  const auto policy_domain = domain_of(job, "pdomain");
  const auto enforced = enforced_by(number_of(job, "action"));
  constexpr std::int64_t end_of_time = 253'402'300'800;  // the year 10000
  if (!received || *received < 0 || *received >= end_of_time || !address || !author ||
      !policy_domain || !enforced) {
    return std::nullopt;
  }
  Observation observation;
  observation.seen = std::chrono::sys_seconds(std::chrono::seconds(*received));
  observation.policy = published_in(job, *policy_domain);
  observation.addresses = addresses_in(job);
  format::AggregateRecord& record = observation.record;
  record.source = *address;
  record.count = 1;
  record.dkim_aligned = number_of(job, "align_dkim") == alignment_pass;
  record.spf_aligned = number_of(job, "align_spf") == alignment_pass;
  record.header_from = author->text();
  const auto sender = domain_of(job, "mfrom");
  record.envelope_from = sender ? sender->text() : "";
  record.dkim = signatures_in(job);
  const auto spf = result_of(number_of(job, "spf").value_or(-1));
  if (spf && sender) {
    record.spf = {{sender->text(), format::SpfScope::mfrom, *spf, ""}};
  }
  const bool passed = record.dkim_aligned || record.spf_aligned;
  const dmarc::Policy published =
      author == policy_domain ? *observation.policy.policy : *observation.policy.subdomain_policy;
  record.disposition = format::disposition_of(passed, published, *enforced);
  if (!passed && *enforced != published) {
    record.reasons = {{format::OverrideType::local_policy, ""}};  // RFC 9990 §3.1.1.9
  }
  return observation;
}

}  // namespace

HistoryCounts read_history(std::istream& file,
                           const std::function<void(Observation)>& on_observation) {
  HistoryCounts counts;
  std::optional<Job> job;
  const auto finish = [&] {
    if (!job) {
      return;
    }
    if (job->size() <= max_lines && !is_reported(*job)) {
      ++counts.unreported;
    } else if (auto observation = job->size() <= max_lines ? observation_in(*job) : std::nullopt) {
      ++counts.read;
      on_observation(*std::move(observation));
    } else {
      ++counts.unreadable;
    }
  };
  std::string text;
  while (std::getline(file, text)) {
    Line line = split(std::string_view(text).substr(0, max_line));
    if (line.key == "job") {
      finish();
      job.emplace();
    } else if (job && job->size() <= max_lines) {
      job->push_back(std::move(line));
    }
  }
  finish();
  return counts;
}

}  // namespace sekisho::report::store
