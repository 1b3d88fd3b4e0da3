#include "checkpoint/signing_choice.hpp"

#include <utility>

namespace sekisho::checkpoint {

namespace {

using findings::NotSigned;

bool failed_before(const mail::Mailbox& author, const std::optional<EarlierResults>& earlier) {
  // A list that has put itself into From answers for what it sends.
  const bool same_author =
      earlier && (!earlier->author_domain || earlier->author_domain == author.domain);
  return same_author && !earlier->dmarc_passed;
}

/// Why the message is not signed whatever keys there are.
NotSigned find_obstacle(const findings::Findings& findings, const Provenance& provenance,
                        const SigningServices& services) {
  if (findings.author.status != mail::AuthorStatus::single_domain) {
    return NotSigned::no_author;
  }
  if (findings.author.mailboxes.size() != 1) {
    return NotSigned::several_authors;
  }
  if (provenance.trace == Trace::unproved) {
    return NotSigned::unproved;
  }
  const mail::Mailbox& author = findings.author.mailboxes.front();
  if (failed_before(author, provenance.earlier)) {
    return NotSigned::failed_before;
  }
  const bool logged_in = findings.origin == findings::Origin::authenticated;
  if (logged_in && services.logins && !services.logins->allows(findings.client.login, author)) {
    return NotSigned::login;
  }
  return NotSigned::none;
}

}  // namespace

SigningChoice choose_signatures(const findings::Findings& findings, const Provenance& provenance,
                                const SigningServices& services, bool require_published) {
  if (!findings::is_ours(findings.origin) || !services.keys) {
    return {};
  }
  if (const NotSigned obstacle = find_obstacle(findings, provenance, services);
      obstacle != NotSigned::none) {
    return {{}, obstacle};
  }
  SigningChoice choice{services.keys->find(findings.author.mailboxes.front()), NotSigned::none};
  if (choice.requests.empty()) {
    choice.not_signed = NotSigned::no_key;
    return choice;
  }
  std::erase_if(choice.requests, [&](const dkim::SignatureRequest& request) {
    return !services.may_use(request.key, require_published);
  });
  if (choice.requests.empty()) {
    choice.not_signed = NotSigned::unpublished;
  }
  return choice;
}

}  // namespace sekisho::checkpoint
