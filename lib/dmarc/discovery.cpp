#include "dmarc/discovery.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::dmarc {

namespace {

using dns::Answer;
using dns::RecordType;

constexpr std::size_t max_name_octets = 253;

std::string record_name(const mail::Domain& domain) {
  return "_dmarc." + domain.text();
}

// A name too long for a record below it has none: no reason to ask, and no error.
dns::Pending<Answer> ask(const dns::Lookups& lookups, const mail::Domain& domain) {
  std::string name = record_name(domain);
  if (name.size() > max_name_octets) {
    return dns::Pending<Answer>::ready(Answer::failed(dns::Status::no_such_name));
  }
  return lookups.lookup(std::move(name), RecordType::txt);
}

// RFC 9989 §4.10 steps 2 and 6: what does not begin with the version is discarded, and so are
// several records.
struct Step {
  std::size_t dmarc_records = 0;
  std::optional<Record> record;
  std::string fault;  ///< Why what is there does not count: "has 2 DMARC records".
};

Step read_step(const Answer& answer, Specification specification) {
  Step step;
  for (const dns::Text* text : answer.all<dns::Text>()) {
    auto record = parse_record(text->data, specification);
    if (!record && record.error() == RecordError::not_dmarc) {
      continue;
    }
    ++step.dmarc_records;
    if (record) {
      step.record = *std::move(record);
    } else {
      step.fault = format_record_error(record.error());
    }
  }
  if (step.dmarc_records != 1) {
    step.record.reset();
  }
  if (step.dmarc_records > 1) {
    step.fault = "has " + std::to_string(step.dmarc_records) + " DMARC records";
  }
  return step;
}

void note_failure(const mail::Domain& name, const Answer& answer, Walk& walk) {
  if (!walk.failure) {
    walk.failure = "TXT look-up of " + record_name(name) + ": " +
                   std::string(dns::format_status(answer.status));
  }
}

bool ends_walk(const Step& step, Specification specification) {
  switch (specification) {
    case Specification::rfc9989:
      return step.record && step.record->psd != PublicSuffixDomain::unknown;
    case Specification::rfc7489:
      return step.dmarc_records > 0;
  }
  std::unreachable();
}

}  // namespace

std::vector<mail::Domain> tree_walk_names(const mail::Domain& start) {
  std::vector<mail::Domain> names{start};
  const std::size_t first = std::min(start.label_count(), max_walk_queries) - 1;
  for (std::size_t labels = first; labels > 0; --labels) {
    names.push_back(start.suffix(labels));
  }
  return names;
}

dns::Task<Walk> walk(dns::Lookups lookups, std::vector<mail::Domain> names,
                     Specification specification) {
  std::vector<dns::Pending<Answer>> answers;
  answers.reserve(names.size());
  for (const mail::Domain& name : names) {
    answers.push_back(ask(lookups, name));
  }
  Walk found{names.front(), {}, std::nullopt, {}, {}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Answer answer = co_await answers[i];
    if (dns::is_temporary(answer.status)) {
      note_failure(names[i], answer, found);
      continue;
    }
    Step step = read_step(answer, specification);
    const bool last = ends_walk(step, specification);
    if (!step.fault.empty() && found.discarded.empty()) {
      found.discarded = record_name(names[i]) + " " + step.fault;
    }
    if (step.record) {
      std::vector<PublishedRecord>& records =
          found.failure ? found.records_above_failure : found.records;
      records.push_back({names[i], *std::move(step.record)});
    }
    if (last) {
      break;
    }
  }
  co_return found;
}

std::expected<mail::Domain, std::string> organizational_domain(const Walk& walk) {
  if (walk.failure) {
    return std::unexpected(*walk.failure);
  }
  return likely_organizational_domain(walk);
}

mail::Domain likely_organizational_domain(const Walk& walk) {
  const auto& records =
      walk.records_above_failure.empty() ? walk.records : walk.records_above_failure;
  if (records.empty()) {
    return walk.start;
  }
  // Only the last record can have psd=y or psd=n, since the walk ends there. So the RFC's rule 1
  // (psd=n) and rule 3 (the fewest labels) both choose it, and rule 2 goes back by one label, even
  // to a name that the shortcut for long names left out.
  const auto& [domain, record] = records.back();
  if (record.psd == PublicSuffixDomain::yes && domain != walk.start) {
    return walk.start.suffix(domain.label_count() + 1);
  }
  return domain;
}

const PublishedRecord* find_policy(const Walk& walk, const mail::Domain& organizational_domain) {
  for (const mail::Domain& domain : {walk.start, organizational_domain}) {
    const auto found = std::ranges::find(walk.records, domain, &PublishedRecord::domain);
    if (found != walk.records.end()) {
      return &*found;
    }
  }
  const bool has_public_suffix =
      !walk.records.empty() && walk.records.back().record.psd == PublicSuffixDomain::yes;
  return has_public_suffix ? &walk.records.back() : nullptr;
}

dns::Task<Existence> find_existence(dns::Lookups lookups, mail::Domain domain) {
  // TXT, since SPF often asks for the same.
  auto text = lookups.lookup(domain.text(), RecordType::txt);
  Answer answer = co_await text;
  if (answer.status == dns::Status::no_such_name) {
    auto alias = lookups.lookup(domain.text(), RecordType::cname);
    answer = co_await alias;
  }
  if (dns::is_temporary(answer.status)) {
    co_return Existence::unknown;
  }
  co_return answer.status == dns::Status::no_such_name ? Existence::no : Existence::yes;
}

}  // namespace sekisho::dmarc
