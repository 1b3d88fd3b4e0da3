#include "dmarc/evaluate.hpp"

#include "dmarc/discovery.hpp"
#include "dmarc/identifiers.hpp"
#include "dmarc/walks.hpp"

#include <algorithm>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::dmarc {

namespace {

/// The last two labels in common: with fewer, two names have one organizational domain only where a
/// top-level domain publishes a record and does not say psd=y.
bool are_likely_relations(const mail::Domain& a, const mail::Domain& b) {
  return a.suffix(2) == b.suffix(2);
}

Policy one_level_below(Policy policy) {
  return policy == Policy::reject ? Policy::quarantine : Policy::none;
}

/// RFC 9989 §5.3.1. A message that RFC 5322 allows is only outside of DMARC; others are in error.
Fault fault_of(mail::AuthorStatus status) {
  switch (status) {
    case mail::AuthorStatus::single_domain:
    case mail::AuthorStatus::multiple_domains:
    case mail::AuthorStatus::no_author:
    case mail::AuthorStatus::mailer_daemon:
      return Fault::no_author_domain;
    case mail::AuthorStatus::no_from:
    case mail::AuthorStatus::multiple_from:
    case mail::AuthorStatus::unparsable:
    case mail::AuthorStatus::unusable_domain:
    case mail::AuthorStatus::header_too_large:
      return Fault::invalid_author;
  }
  std::unreachable();
}

Result without_author(const mail::Author& author) {
  Result result;
  set_fault(fault_of(author.status), author.reason, result);
  return result;
}

void note_missing_record(const mail::Domain& author_domain, const Walk& walk, Result& result) {
  if (walk.failure) {
    set_fault(Fault::lookup_failed, *walk.failure, result);
    return;
  }
  const std::string discarded = walk.discarded.empty() ? "" : ": " + walk.discarded;
  set_fault(Fault::no_record, author_domain.text() + discarded, result);
}

struct Choice {
  PolicySource source = PolicySource::p;
  Policy policy = Policy::none;
};

/// For a subdomain of the record's domain (RFC 9989 §4.7 sp=, np=; §4.10.1).
Choice policy_for_subdomain(const Record& record, bool exists) {
  if (!exists && record.nonexistent_policy) {
    return {PolicySource::np, *record.nonexistent_policy};
  }
  if (record.subdomain_policy) {
    return {PolicySource::sp, *record.subdomain_policy};
  }
  return {PolicySource::p, record.policy};
}

}  // namespace

struct Evaluation::State {
  State(dns::Lookups message_lookups, const Options& options)
      : lookups(std::move(message_lookups)),
        discovery(options.discovery),
        walks(lookups, options) {}

  dns::Lookups lookups;
  Discovery discovery;
  Walks walks;
  std::optional<mail::Domain> author;
  std::optional<dns::Task<Existence>> existence;  // of `author`, until it is read
  std::vector<mail::Domain> waiting;              // identifiers from before the author was known

  void start_author(const mail::Domain& domain);
  void start_identifier(const mail::Domain& domain);

  // The steps of finish(), for one author domain.

  /// Fills what discovery decides; null: that is all.
  const PublishedRecord* discover(const mail::Domain& author_domain, Result& result);
  void align(const mail::Domain& author_domain, std::vector<Identifier>& identifiers);
  void choose_policy(const PublishedRecord& published, unsigned draw, Result& result);
  /// Whether one of them passed and is aligned, as far as the answers that came tell.
  bool is_likely_pass(const mail::Domain& author_domain, std::span<const Identifier> identifiers);

  /// Relaxed alignment of two domains that differ. The error: which look-up would have told.
  std::expected<bool, std::string> have_one_organization(const mail::Domain& author_domain,
                                                         const mail::Domain& identifier);
  bool are_likely_related(const mail::Domain& author_domain, const mail::Domain& identifier);
  /// For a subdomain of the record's domain. The existence of the author domain is waited for only
  /// where it matters.
  Choice choose_for_subdomain(const Record& record, Result& result);
};

void Evaluation::State::start_author(const mail::Domain& domain) {
  if (author == domain) {
    return;
  }
  author = domain;
  walks.start(domain);
  if (discovery == Discovery::treewalk) {
    existence = find_existence(lookups, domain);
  }
  for (const mail::Domain& identifier : std::exchange(waiting, {})) {
    start_identifier(identifier);
  }
}

void Evaluation::State::start_identifier(const mail::Domain& domain) {
  if (!author) {
    waiting.push_back(domain);
    return;
  }
  if (are_likely_relations(*author, domain)) {
    walks.start_organizational_domain(domain);
  }
}

bool Evaluation::State::is_likely_pass(const mail::Domain& author_domain,
                                       std::span<const Identifier> identifiers) {
  return std::ranges::any_of(identifiers, [&](const Identifier& identifier) {
    if (identifier.outcome != Identifier::Outcome::passed || !identifier.domain) {
      return false;
    }
    const mail::Domain& domain = *identifier.domain;
    const bool is_strict = identifier.mode == AlignmentMode::strict;
    return domain == author_domain || (!is_strict && are_likely_related(author_domain, domain));
  });
}

// One lies above the other, and so is its owner's; or both have one organizational domain, where
// the missing answers hold no record.
bool Evaluation::State::are_likely_related(const mail::Domain& author_domain,
                                           const mail::Domain& identifier) {
  if (!are_likely_relations(author_domain, identifier)) {
    return false;
  }
  const bool lies_above = author_domain.is_within(identifier) && identifier.label_count() > 1;
  return lies_above || identifier.is_within(author_domain) ||
         walks.likely_organizational_domain(author_domain) ==
             walks.likely_organizational_domain(identifier);
}

const PublishedRecord* Evaluation::State::discover(const mail::Domain& author_domain,
                                                   Result& result) {
  const Walk& walk = walks.finish(author_domain);
  const auto organizational_domain = walks.organizational_domain(author_domain);
  if (organizational_domain) {
    result.organizational_domain = *organizational_domain;
  }
  // Where the walk failed, the author domain's own record may still be known, and it is the policy
  // record whatever lies above.
  const PublishedRecord* published =
      find_policy(walk, organizational_domain.value_or(author_domain));
  if (published == nullptr) {
    note_missing_record(author_domain, walk, result);
    return nullptr;
  }
  if (!published->record.usable) {
    set_fault(Fault::unusable_record, published->domain.text(), result);
    return nullptr;
  }
  result.record_domain = published->domain;
  result.record = published->record;
  return published;
}

std::expected<bool, std::string> Evaluation::State::have_one_organization(
    const mail::Domain& author_domain, const mail::Domain& identifier) {
  // An organizational domain is the name itself or lies above it. So one that does not lie above
  // the identifier is not the identifier's, and no walk of a stranger can spoil the result.
  const auto authors = walks.organizational_domain(author_domain);
  if (!authors) {
    return identifier.suffix(1) == author_domain.suffix(1)
               ? std::expected<bool, std::string>(std::unexpected(authors.error()))
               : false;
  }
  if (!identifier.is_within(*authors)) {
    return false;
  }
  const auto own = walks.organizational_domain(identifier);
  if (!own) {
    return std::unexpected(own.error());
  }
  return *own == *authors;
}

void Evaluation::State::align(const mail::Domain& author_domain,
                              std::vector<Identifier>& identifiers) {
  const auto organizational_domain = walks.organizational_domain(author_domain);
  for (const Identifier& identifier : identifiers) {
    const mail::Domain* domain = identifier.relevant_domain();
    if (domain != nullptr && identifier.mode == AlignmentMode::relaxed && organizational_domain &&
        domain->is_within(*organizational_domain)) {
      walks.start_organizational_domain(*domain);
    }
  }
  for (Identifier& identifier : identifiers) {
    const mail::Domain* domain = identifier.relevant_domain();
    if (domain == nullptr) {
      continue;
    }
    identifier.aligned = *domain == author_domain;
    if (!*identifier.aligned && identifier.mode == AlignmentMode::relaxed) {
      identifier.aligned = have_one_organization(author_domain, *domain);
    }
  }
}

Choice Evaluation::State::choose_for_subdomain(const Record& record, Result& result) {
  const Choice existing = policy_for_subdomain(record, true);
  const Choice nonexistent = policy_for_subdomain(record, false);
  if (existing.source == nonexistent.source || !existence) {
    return existing;
  }
  switch (existence->get()) {
    case Existence::yes:
      return existing;
    case Existence::no:
      return nonexistent;
    case Existence::unknown:
      break;
  }
  if (result.code == ResultCode::fail && existing.policy != nonexistent.policy) {
    set_fault(Fault::unknown_existence, "", result);
  }
  return existing;
}

void Evaluation::State::choose_policy(const PublishedRecord& published, unsigned draw,
                                      Result& result) {
  const Record& record = published.record;
  const Choice choice = result.author_domain == published.domain
                            ? Choice{PolicySource::p, record.policy}
                            : choose_for_subdomain(record, result);
  result.policy_source = choice.source;
  result.published_policy = choice.policy;
  result.sampled_out = discovery == Discovery::psl && draw >= record.percent;
  result.policy =
      record.testing || result.sampled_out ? one_level_below(choice.policy) : choice.policy;
}

Evaluation::Evaluation(dns::Lookups lookups, const std::shared_ptr<const Options>& options)
    : state_(std::make_unique<State>(std::move(lookups), *options)) {}
Evaluation::Evaluation(Evaluation&&) noexcept = default;
Evaluation& Evaluation::operator=(Evaluation&&) noexcept = default;
Evaluation::~Evaluation() = default;

void Evaluation::start_author(const mail::Domain& author_domain) {
  state_->start_author(author_domain);
}

void Evaluation::start_identifier(const mail::Domain& domain) {
  state_->start_identifier(domain);
}

Result Evaluation::finish(const mail::Author& author, const spf::Result& spf,
                          std::span<const dkim::Result> signatures, unsigned draw) {
  if (author.status != mail::AuthorStatus::single_domain || author.domains.size() != 1) {
    return without_author(author);
  }
  const mail::Domain& author_domain = author.domains.front();
  state_->start_author(author_domain);
  Result result;
  result.author_domain = author_domain;
  result.discovery = state_->discovery;
  const PublishedRecord* published = state_->discover(author_domain, result);
  std::vector<Identifier> identifiers =
      list_identifiers(spf, signatures, published == nullptr ? Record{} : published->record);
  if (published != nullptr) {
    state_->align(author_domain, identifiers);
    conclude(identifiers, result);
    state_->choose_policy(*published, draw, result);
  }
  if (result.code == ResultCode::temperror) {
    result.likely_pass = state_->is_likely_pass(author_domain, identifiers);
  }
  return result;
}

}  // namespace sekisho::dmarc
