#include "dkim/key_fetches.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim {

namespace {

// RFC 6376 §6.1.2, steps 2 and 3.
Failure no_answer(dns::Status status) {
  if (status == dns::Status::over_limit) {  // lasts as long as the message does
    return failure_of(Fault::too_many_key_lookups);
  }
  if (dns::is_temporary(status)) {
    return failure_of(Fault::key_lookup_failed, dns::format_status(status));
  }
  return failure_of(Fault::no_key);
}

}  // namespace

FetchedKeys read_keys(const dns::Answer& answer, KeyRecordCache& cache) {
  std::optional<Failure> first_failure;
  std::vector<KeyRecord> records;
  for (const dns::Text* text : answer.all<dns::Text>()) {
    auto record = cache.read(text->data);
    if (!record) {
      first_failure = first_failure ? std::move(first_failure) : record.error();
      continue;
    }
    records.push_back(*std::move(record));
    if (records.size() == max_key_records) {
      break;
    }
  }
  if (records.empty()) {
    return std::unexpected(first_failure ? *first_failure : no_answer(answer.status));
  }
  return records;
}

KeyFetches::Id KeyFetches::request(const std::string& selector, const mail::Domain& domain) {
  std::string name = selector + "._domainkey." + domain.text();
  auto fetch = std::ranges::find(fetches_, name, &Fetch::name);
  if (fetch == fetches_.end()) {
    auto answer = lookups_.lookup(name, dns::RecordType::txt);
    fetch = fetches_.insert(fetches_.end(), {std::move(name), std::move(answer), std::nullopt});
  }
  return static_cast<Id>(fetch - fetches_.begin());
}

const FetchedKeys& KeyFetches::keys(Id id) {
  Fetch& fetch = fetches_[id];
  if (!fetch.keys) {
    fetch.keys = read_keys(fetch.answer.get(), *records_);
  }
  return *fetch.keys;
}

}  // namespace sekisho::dkim
