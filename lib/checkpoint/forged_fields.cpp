#include "checkpoint/forged_fields.hpp"

#include "authres/authentication_results.hpp"
#include "authres/received_spf.hpp"

#include <algorithm>
#include <string_view>

namespace sekisho::checkpoint {

namespace {

constexpr std::string_view results_name = "Authentication-Results";
constexpr std::string_view proof_name = "Sekisho-Proof";
constexpr std::string_view spf_name = "Received-SPF";

// draft-brand-indicators-for-message-identification §5.6, §7.8: a receiver removes what it did not
// write itself, whether or not it evaluates BIMI.
constexpr std::string_view indicator_names[] = {"BIMI-Location", "BIMI-Indicator",
                                                "BIMI-Logo-Preference"};

std::string_view watched_name(const mail::HeaderField& field) {
  for (const std::string_view name : {results_name, spf_name, proof_name}) {
    if (mail::is_named(field, name)) {
      return name;
    }
  }
  const auto* const indicator = std::ranges::find_if(
      indicator_names, [&](std::string_view name) { return is_named(field, name); });
  return indicator == std::end(indicator_names) ? std::string_view{} : *indicator;
}

}  // namespace

bool ForgedFields::is_forged(const mail::HeaderField& field, std::string_view name) const {
  if (name == results_name) {
    return authres::claims_authserv_id(field.value, names_.front()) ||
           authres::has_unsupported_version(field.value);
  }
  return name != spf_name || authres::claims_received_spf(field.value, names_);
}

void ForgedFields::note(const mail::HeaderField& field) {
  const std::string_view name = watched_name(field);
  if (name.empty()) {
    return;
  }
  const std::size_t ordinal = ++seen_[name];
  if (is_forged(field, name)) {
    found_.push_back({name, ordinal});
  }
}

void ForgedFields::note_unread(const mail::HeaderField& field) {
  if (const std::string_view name = watched_name(field); !name.empty()) {
    found_.push_back({name, ++seen_[name]});
  }
}

std::vector<FieldRemoval> ForgedFields::removals() const {
  return {found_.rbegin(), found_.rend()};
}

}  // namespace sekisho::checkpoint
