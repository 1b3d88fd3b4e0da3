#include "dmarc/walks.hpp"

#include <utility>
#include <vector>

namespace sekisho::dmarc {

Walks::Walks(dns::Lookups lookups, const Options& options) : lookups_(std::move(lookups)) {
  if (options.discovery == Discovery::psl) {
    suffixes_ = options.suffixes ? options.suffixes : std::make_shared<const PublicSuffixes>();
  }
}

void Walks::start(const mail::Domain& domain) {
  if (under_way_.contains(domain) || done_.contains(domain)) {
    return;
  }
  if (!suffixes_) {
    under_way_.emplace(domain, walk(lookups_, tree_walk_names(domain), Specification::rfc9989));
    return;
  }
  // RFC 7489 §6.6.3: the domain itself, then its organizational domain.
  std::vector<mail::Domain> names{domain};
  const mail::Domain organizational = suffixes_->organizational_domain(domain);
  if (organizational != domain) {
    names.push_back(organizational);
  }
  under_way_.emplace(domain, walk(lookups_, std::move(names), Specification::rfc7489));
}

const Walk& Walks::finish(const mail::Domain& domain) {
  start(domain);
  if (const auto walking = under_way_.find(domain); walking != under_way_.end()) {
    done_.emplace(domain, walking->second.get());
    under_way_.erase(walking);
  }
  return done_.at(domain);
}

void Walks::start_organizational_domain(const mail::Domain& domain) {
  if (!suffixes_) {
    start(domain);
  }
}

std::expected<mail::Domain, std::string> Walks::organizational_domain(const mail::Domain& domain) {
  if (suffixes_) {
    return suffixes_->organizational_domain(domain);
  }
  return dmarc::organizational_domain(finish(domain));
}

mail::Domain Walks::likely_organizational_domain(const mail::Domain& domain) {
  return suffixes_ ? suffixes_->organizational_domain(domain)
                   : dmarc::likely_organizational_domain(finish(domain));
}

}  // namespace sekisho::dmarc
