#include "milter/process/key_publication.hpp"

#include "dns/lookups.hpp"
#include "dns/stub_resolver.hpp"
#include "keys/publication_board.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace sekisho::milter {

namespace {

std::string describe(const keys::PublicationChange& change) {
  std::string text = "key " + change.record_name + ": ";
  text += keys::format_publication_state(change.now);
  return change.reason.empty() ? text : text + ": " + change.reason;
}

// One that remembers nothing: whoever has just published a record reloads and wants it seen, though
// for the rest of its time to live the answer of before, that there is none, would do for mail.
std::shared_ptr<dns::Resolver> open_resolver(dns::Options options) {
  options.cache_entries = 0;
  return std::make_shared<dns::StubResolver>(std::move(options));
}

void report(const Log& log, const keys::PublicationChange& change) {
  switch (change.now) {
    case keys::PublicationState::published:
      log.info(describe(change));
      return;
    case keys::PublicationState::unknown:
    case keys::PublicationState::missing:
    case keys::PublicationState::mismatch:
      log.warning(describe(change));
      return;
  }
}

}  // namespace

void check_publications(const Environment& environment, const std::function<bool()>& stop) {
  const auto services = environment.services();
  const auto& board = services->signing.publications;
  if (!board || board->size() == 0) {
    return;
  }
  // One question a key, and a second try for those that the first found no answer to.
  const auto patience = 2 * services->options.dns.timeout;
  const dns::Lookups lookups(
      open_resolver(services->options.dns),
      {.deadline = std::chrono::steady_clock::now() + patience, .limit = board->size() * 2});
  for (const keys::PublicationChange& change : board->check_all(lookups, patience, stop)) {
    report(environment.log, change);
  }
}

bool has_unchecked_keys(const Environment& environment) {
  const auto services = environment.services();
  const auto& board = services->signing.publications;
  return board && board->has_unchecked();
}

}  // namespace sekisho::milter
