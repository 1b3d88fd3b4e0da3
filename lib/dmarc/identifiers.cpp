#include "dmarc/identifiers.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

namespace sekisho::dmarc {

namespace {

using Mechanism = Identifier::Mechanism;
using Outcome = Identifier::Outcome;

// Identifiers that a reason names; a message may have any number of signatures.
constexpr std::size_t max_named = 6;

Outcome outcome_of(spf::ResultCode code) {
  using enum spf::ResultCode;
  switch (code) {
    case pass:
      return Outcome::passed;
    case temperror:
      return Outcome::temporary_error;
    case none:
    case neutral:
    case fail:
    case softfail:
    case permerror:
      return Outcome::other;
  }
  std::unreachable();
}

Outcome outcome_of(dkim::ResultCode code) {
  using enum dkim::ResultCode;
  switch (code) {
    case pass:
      return Outcome::passed;
    case temperror:
      return Outcome::temporary_error;
    case fail:
    case policy:
    case neutral:
    case permerror:
      return Outcome::other;
  }
  std::unreachable();
}

// "SPF pass for bounce.example.net (not aligned)"
std::string describe(const Identifier& identifier) {
  std::string text = identifier.mechanism == Mechanism::spf ? "SPF " : "DKIM ";
  text += identifier.result;
  if (identifier.domain) {
    text += " for " + identifier.domain->text();
  }
  if (identifier.relevant_domain() == nullptr) {
    return text;
  }
  if (!identifier.aligned) {
    return text + " (alignment unknown: " + identifier.aligned.error() + ')';
  }
  return text + (*identifier.aligned ? " (aligned)" : " (not aligned)");
}

template <typename Predicate>
std::string describe_those(std::span<const Identifier> identifiers, Predicate predicate) {
  std::string text;
  std::size_t count = 0;
  for (const Identifier& identifier : identifiers) {
    if (std::invoke(predicate, identifier) && ++count <= max_named) {
      text += text.empty() ? "" : ", ";
      text += describe(identifier);
    }
  }
  if (count > max_named) {
    text += " and " + std::to_string(count - max_named) + " more";
  }
  return text;
}

std::string describe_all(std::span<const Identifier> identifiers) {
  const std::string text = describe_those(identifiers, [](const Identifier&) { return true; });
  const bool is_signed = std::ranges::any_of(identifiers, [](const Identifier& identifier) {
    return identifier.mechanism == Mechanism::dkim;
  });
  return is_signed ? text : text + ", no DKIM signature";
}

}  // namespace

const mail::Domain* Identifier::relevant_domain() const {
  return domain && outcome != Outcome::other ? &*domain : nullptr;
}

bool Identifier::passed_aligned() const {
  return outcome == Outcome::passed && aligned.value_or(false);
}

bool Identifier::is_undecided() const {
  switch (outcome) {
    case Outcome::passed:
      return !aligned.has_value();
    case Outcome::temporary_error:
      return aligned.value_or(true);
    case Outcome::other:
      return false;
  }
  std::unreachable();
}

std::vector<Identifier> list_identifiers(const spf::Result& spf,
                                         std::span<const dkim::Result> signatures,
                                         const Record& record) {
  std::vector<Identifier> identifiers;
  identifiers.reserve(signatures.size() + 1);
  identifiers.push_back({Mechanism::spf, outcome_of(spf.code), mail::Domain::parse(spf.domain),
                         record.spf_alignment, std::string(spf::format_result_code(spf.code))});
  for (const dkim::Result& signature : signatures) {
    identifiers.push_back({Mechanism::dkim, outcome_of(signature.code), signature.domain,
                           record.dkim_alignment,
                           std::string(dkim::format_result_code(signature.code))});
  }
  return identifiers;
}

void conclude(std::span<const Identifier> identifiers, Result& result) {
  for (const Identifier& identifier : identifiers) {
    if (identifier.passed_aligned()) {
      (identifier.mechanism == Mechanism::spf ? result.spf_aligned : result.dkim_aligned) = true;
    }
  }
  if (result.spf_aligned || result.dkim_aligned) {
    result.code = ResultCode::pass;
    result.reason = describe_those(identifiers, &Identifier::passed_aligned);
    return;
  }
  if (std::ranges::any_of(identifiers, &Identifier::is_undecided)) {
    set_fault(Fault::undecided, describe_all(identifiers), result);
    return;
  }
  set_fault(Fault::not_aligned, describe_all(identifiers), result);
}

}  // namespace sekisho::dmarc
