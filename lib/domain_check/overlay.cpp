#include "domain_check/overlay.hpp"

#include "dns/task.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::domain_check {

namespace {

using dns::Answer;
using dns::Status;

// The name exists in the overlay: it is no missing one.
dns::Task<Answer> existing(dns::Pending<Answer> pending) {
  Answer answer = co_await pending;
  if (answer.status == Status::no_such_name) {
    answer.status = Status::no_data;
  }
  co_return answer;
}

}  // namespace

Overlay::Overlay(std::shared_ptr<dns::Resolver> base, std::unique_ptr<dns::ZoneFile> records)
    : base_(std::move(base)), records_(std::move(records)) {}

dns::Pending<Answer> Overlay::lookup(dns::Question question, dns::Deadline deadline) {
  return lookup_for(nullptr, std::move(question), deadline);
}

dns::Pending<Answer> Overlay::lookup_for(const dns::AskerPtr& asker, dns::Question question,
                                         dns::Deadline deadline) {
  const Answer laid = records_->lookup(question, deadline).get();
  if (laid.status == Status::found) {
    return dns::Pending<Answer>::ready(laid);
  }
  const Answer alias = records_->lookup({question.name, dns::RecordType::cname}, deadline).get();
  if (alias.status == Status::found) {
    // Not further than one alias: the next is of the DNS.
    const auto targets = alias.all<dns::HostName>();
    return base_->lookup_for(asker, {targets.front()->name, question.type}, deadline);
  }
  auto pending = base_->lookup_for(asker, std::move(question), deadline);
  if (laid.status == Status::no_data) {
    return existing(std::move(pending));
  }
  return pending;
}

void Overlay::drop_given_up() noexcept {
  base_->drop_given_up();
}

std::expected<std::unique_ptr<dns::ZoneFile>, std::string> parse_overlay(
    const std::vector<std::string>& records, const std::string& domain) {
  std::string zone = "$ORIGIN " + domain + ".\n";
  for (const std::string& record : records) {
    if (std::ranges::count(record, '\n') > 0 || record.starts_with('$')) {
      return std::unexpected(record + ": expected NAME TYPE DATA");
    }
    const std::string one = "$ORIGIN " + domain + ".\n" + record + '\n';
    if (const auto parsed = dns::ZoneFile::parse(one, "record"); !parsed) {
      return std::unexpected(record + ": " + parsed.error().message);
    }
    zone += record + '\n';
  }
  auto parsed = dns::ZoneFile::parse(zone, "records");
  if (!parsed) {
    return std::unexpected(parsed.error().message);
  }
  return *std::move(parsed);
}

}  // namespace sekisho::domain_check
