#include "milter/record/change_record.hpp"

#include "dmarc/public_suffixes.hpp"
#include "milter/environment.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

namespace sekisho::milter {

namespace {

const dmarc::PublicSuffixes& suffixes() {
  static const dmarc::PublicSuffixes list;
  return list;
}

// An id of sekisho-why(1) where the change is known, else the part that it is in.
std::string_view change_of(const dkim::Result& result) {
  switch (result.fault) {
    case dkim::Fault::body_hash_mismatch:
      return result.added_lines > 0 ? "body.tail" : "body";
    case dkim::Fault::signature_mismatch:
      return "header";
    default:
      return {};
  }
}

// Anybody can write a List-Id, so what does not look like one is none (RFC 2919 §3).
bool is_list_id(std::string_view text) {
  constexpr std::size_t max_list_id = 255;
  return !text.empty() && text.size() <= max_list_id &&
         std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

std::string party_of(const checkpoint::Verdict& verdict) {
  if (is_list_id(verdict.list_id)) {
    return "list:" + verdict.list_id;
  }
  const auto& iprev = verdict.findings.iprev;
  const auto name = iprev && iprev->code == iprev::ResultCode::pass
                        ? mail::Domain::parse(iprev->name)
                        : std::nullopt;
  return name ? "host:" + suffixes().organizational_domain(*name).text() : std::string();
}

}  // namespace

std::vector<report::store::Tally> changes_of(const checkpoint::Verdict& verdict,
                                             std::chrono::system_clock::time_point now) {
  const findings::Findings& findings = verdict.findings;
  if (findings.origin != findings::Origin::outside || findings.author.domains.size() != 1 ||
      verdict.disposition.action == policy::Action::tempfail) {
    return {};
  }
  const mail::Domain author = suffixes().organizational_domain(findings.author.domains.front());
  std::set<std::string_view> changes;
  for (const dkim::Result& result : findings.dkim) {
    const bool is_author =
        result.domain && suffixes().organizational_domain(*result.domain) == author;
    if (const std::string_view change = change_of(result); is_author && !change.empty()) {
      changes.insert(change);
    }
  }
  std::vector<report::store::Tally> tallies;
  for (const std::string_view change : changes) {
    tallies.push_back({.kind = report::store::TallyKind::change,
                       .begin = std::chrono::floor<std::chrono::days>(now),
                       .author = author.text(),
                       .party = party_of(verdict),
                       .detail = std::string(change),
                       .messages = 1});
  }
  return tallies;
}

void record_changes(Environment& environment, const checkpoint::Verdict& verdict) {
  const auto services = environment.services();
  if (services->daemon.feedback.store.empty()) {
    return;
  }
  for (const report::store::Tally& tally : changes_of(verdict, services->now())) {
    environment.recorder.record(tally);
  }
}

}  // namespace sekisho::milter
