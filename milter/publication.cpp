#include "milter/publication.hpp"

#include "dns/lookups.hpp"
#include "keys/publication_board.hpp"

#include <chrono>
#include <string>

namespace sekisho::milter {

namespace {

std::string describe(const keys::PublicationChange& change) {
  std::string text = "key " + change.record_name + ": ";
  text += keys::format_publication_state(change.now);
  return change.reason.empty() ? text : text + ": " + change.reason;
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

void check_publications(const Environment& environment) {
  const auto services = environment.services();
  const auto& board = services->signing.publications;
  if (!board || board->size() == 0) {
    return;
  }
  // One question a key, and a second try for those that the first found no answer to.
  const auto deadline = std::chrono::steady_clock::now() + 2 * services->options.dns.timeout;
  const dns::Lookups lookups(services->resolver,
                             {.deadline = deadline, .limit = board->size() * 2});
  for (const keys::PublicationChange& change : board->check_all(lookups)) {
    report(environment.log, change);
  }
}

bool has_unchecked_keys(const Environment& environment) {
  const auto services = environment.services();
  const auto& board = services->signing.publications;
  return board && board->has_unchecked();
}

}  // namespace sekisho::milter
