// An empty store for a test, and what can be put into one.
#pragma once

#include "report/store/store.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace sekisho::report::store {

/// A folder that goes with the object.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sekisho-store.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline constexpr std::chrono::sys_days first_day{std::chrono::year{2026} / 11 / 20};

inline format::Period day_period(std::chrono::sys_days day, int days = 1) {
  return {day, day + std::chrono::days{days}};
}

/// A message of `from` that failed, seen on the first day.
inline Observation an_observation(std::string from = "example.org",
                                  std::string_view source = "192.0.2.1") {
  Observation observation;
  observation.seen = first_day + std::chrono::hours{10};
  observation.policy.domain = "example.org";
  observation.policy.discovery_method = dmarc::DiscoveryMethod::treewalk;
  observation.policy.policy = dmarc::Policy::reject;
  observation.policy.subdomain_policy = dmarc::Policy::quarantine;
  observation.policy.nonexistent_policy = dmarc::Policy::reject;
  observation.policy.dkim_alignment = dmarc::AlignmentMode::relaxed;
  observation.policy.spf_alignment = dmarc::AlignmentMode::strict;
  observation.policy.failure_options = "1:d";
  observation.policy.testing = false;
  observation.addresses = {"mailto:reports@example.org", "mailto:other@example.net!10m"};
  format::AggregateRecord& record = observation.record;
  record.source = *dns::IpAddress::parse(source);
  record.count = 1;
  record.disposition = format::ActionDisposition::reject;
  record.header_from = std::move(from);
  record.envelope_from = "bounce.example.org";
  record.dkim = {{"example.org", "s1", format::AuthResult::fail, "body hash did not verify"},
                 {"esp.example", "k", format::AuthResult::pass, ""}};
  record.spf = {{"bounce.example.org", format::SpfScope::mfrom, format::AuthResult::softfail, ""}};
  record.reasons = {
      {format::OverrideType::mailing_list, "sign of an indirect flow: List-Id \"x\" — é"}};
  return observation;
}

}  // namespace sekisho::report::store
