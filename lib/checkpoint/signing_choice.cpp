#include "checkpoint/signing_choice.hpp"

#include <utility>

namespace sekisho::checkpoint {

namespace {

bool came_from_outside(const mail::Mailbox& author, const std::optional<EarlierResults>& earlier) {
  // A list that has put itself into From answers for what it sends.
  const bool same_author =
      earlier && (!earlier->author_domain || earlier->author_domain == author.domain);
  return same_author && !earlier->dmarc_passed;
}

/// Why the message is not signed whatever keys there are; empty: it may be.
std::string find_obstacle(const findings::Findings& findings,
                          const std::optional<EarlierResults>& earlier,
                          const SigningServices& services) {
  if (findings.author.status != mail::AuthorStatus::single_domain) {
    return findings.author.reason;
  }
  if (findings.author.mailboxes.size() != 1) {
    return "more than one author";
  }
  const mail::Mailbox& author = findings.author.mailboxes.front();
  if (came_from_outside(author, earlier)) {
    return "it came from outside, and DMARC did not pass";
  }
  const bool logged_in = findings.origin == findings::Origin::authenticated;
  if (logged_in && services.logins && !services.logins->allows(findings.client.login, author)) {
    return "the login may not write for this author";
  }
  return {};
}

}  // namespace

SigningChoice choose_signatures(const findings::Findings& findings,
                                const std::optional<EarlierResults>& earlier,
                                const SigningServices& services, bool require_published) {
  if (!findings::is_ours(findings.origin) || !services.keys) {
    return {};
  }
  if (std::string obstacle = find_obstacle(findings, earlier, services); !obstacle.empty()) {
    return {{}, std::move(obstacle)};
  }
  const mail::Mailbox& author = findings.author.mailboxes.front();
  SigningChoice choice{services.keys->find(author), {}};
  if (choice.requests.empty()) {
    choice.reason = "no key for " + author.domain->text();
    return choice;
  }
  std::erase_if(choice.requests, [&](const dkim::SignatureRequest& request) {
    return !services.may_use(request.key, require_published);
  });
  if (choice.requests.empty()) {
    choice.reason = "the DNS shows no key for " + author.domain->text();
  }
  return choice;
}

}  // namespace sekisho::checkpoint
