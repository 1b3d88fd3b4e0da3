#include "checkpoint/forged_fields.hpp"

#include "authres/authentication_results.hpp"

#include <algorithm>
#include <string_view>

namespace sekisho::checkpoint {

namespace {

constexpr std::string_view results_name = "Authentication-Results";
constexpr std::string_view proof_name = "Sekisho-Proof";

// draft-brand-indicators-for-message-identification §5.6, §7.8: a receiver removes what it did not
// write itself, whether or not it evaluates BIMI.
constexpr std::string_view indicator_names[] = {"BIMI-Location", "BIMI-Indicator",
                                                "BIMI-Logo-Preference"};

std::string_view watched_name(const mail::HeaderField& field) {
  if (mail::is_named(field, results_name)) {
    return results_name;
  }
  if (mail::is_named(field, proof_name)) {
    return proof_name;
  }
  const auto* const indicator = std::ranges::find_if(
      indicator_names, [&](std::string_view name) { return is_named(field, name); });
  return indicator == std::end(indicator_names) ? std::string_view{} : *indicator;
}

}  // namespace

void ForgedFields::note(const mail::HeaderField& field) {
  const std::string_view name = watched_name(field);
  if (name.empty()) {
    return;
  }
  const std::size_t ordinal = ++seen_[name];
  if (name != results_name || authres::claims_authserv_id(field.value, authserv_id_) ||
      authres::has_unsupported_version(field.value)) {
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
