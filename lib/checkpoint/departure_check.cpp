#include "checkpoint/departure_check.hpp"

#include "dkim/body_hashes.hpp"
#include "keys/key_ring.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace sekisho::checkpoint {

namespace {

// Where the DNS does not answer, mail goes; it should not wait for long first.
constexpr std::chrono::milliseconds longest_wait{3'000};
constexpr std::size_t most_told = 3;

preflight::Environment environment_of(const std::shared_ptr<const Services>& services) {
  const auto& options = services->options;
  return {.resolver = services->resolver,
          .key_records = services->key_records,
          .dkim = options.dkim,
          .spf = options.spf,
          .dmarc = std::shared_ptr<const dmarc::Options>(services, &options.dmarc),
          .timeout = std::min(options.message_timeout, longest_wait),
          .lookups = options.limits.lookups,
          .now = services->now(),
          .receiver = options.authserv_id};
}

preflight::Request request_for(const std::shared_ptr<const Services>& services,
                               const Submission& submission) {
  const auto& options = services->options;
  preflight::Request request;
  request.envelope.sender = submission.findings.envelope.sender;
  request.envelope.recipients = submission.findings.envelope.recipients;
  request.envelope.addresses = preflight::addresses_of(options.preflight);
  request.envelope.helo = options.preflight.helo;
  request.envelope.smtputf8 =
      true;  // the milter protocol does not tell, and the MTA has checked it
  request.header_octets = options.limits.header_octets;
  request.header_fields = options.limits.header_fields;
  request.receivers.names =
      preflight::choose_receivers(*options.preflight.loaded_rules, options.preflight.receivers,
                                  request.envelope.recipients)
          .value_or(std::vector<std::string>{});
  if (options.preflight.count) {
    request.sent_before = [services](const std::string& author,
                                     const preflight::Receiver& receiver) {
      return services->sent->volume().messages(author, receiver.name, services->now());
    };
  }
  request.own_signing_domains = submission.signing_domains;
  request.own_body_hash = dkim::BodyHashRequest{
      .canonicalization = options.signing.signature.body_canonicalization, .length = {}};
  request.has_own_key = [services](const mail::Domain& domain) {
    return services->signing.keys &&
           !services->signing.keys->find({"postmaster", domain.text(), domain}).empty();
  };
  request.is_indirect = [is_indirect = submission.is_indirect](const mail::HeaderSection&) {
    return is_indirect;
  };
  return request;
}

std::string told(const preflight::Finding& finding) {
  return std::string(preflight::format_id(finding.id)) + ": " + finding.evidence + "; " +
         std::string(preflight::remedy_of(finding.id));
}

// The user's mail program may show one line alone, so that the first has to say it all.
policy::Reply reply_to(const std::vector<const preflight::Finding*>& refused) {
  const bool is_form = std::ranges::all_of(
      refused, [](const preflight::Finding* each) { return preflight::is_form(each->id); });
  policy::Reply reply{"550", is_form ? "5.6.0" : "5.7.1", {}};
  for (std::size_t i = 0; i < std::min(refused.size(), most_told); ++i) {
    std::string line = preflight::printable(told(*refused[i]), 400);
    reply.text += (i == 0 ? "" : "\n") + line;
  }
  return reply;
}

std::string ids_of(const std::vector<const preflight::Finding*>& refused) {
  std::string ids;
  for (const preflight::Finding* finding : refused) {
    const std::string_view id = preflight::format_id(finding->id);
    if (!ids.contains(id)) {
      ids += (ids.empty() ? "" : ", ") + std::string(id);
    }
  }
  return ids;
}

}  // namespace

bool is_submission(findings::Origin origin) {
  return origin == findings::Origin::authenticated || origin == findings::Origin::daemon;
}

void DepartureCheck::begin(const std::shared_ptr<const Services>& services,
                           const Submission& submission) {
  services_ = services;
  examination_ = std::make_unique<preflight::Examination>(
      environment_of(services), request_for(services, submission),
      *services->options.preflight.loaded_rules);
  for (const mail::HeaderField& field : submission.header) {
    examination_->add(field.name + ":" + field.value + "\r\n");
  }
  examination_->add("\r\n");
}

void DepartureCheck::body(std::string_view chunk) {
  if (examination_) {
    examination_->add(chunk);
  }
}

preflight::Report DepartureCheck::finish(std::span<const mail::HeaderField> signatures) {
  return examination_->finish(signatures);
}

void refuse_departure(const std::vector<const preflight::Finding*>& refused, bool is_dry_run,
                      policy::Disposition& disposition) {
  const std::string found = ids_of(refused);
  disposition.path.push_back({"preflight.mode = refuse", found, "RFC 6409 §6"});
  const std::string reason = "preflight.mode = refuse: " + found;
  if (is_dry_run) {
    disposition.withheld = policy::Action::reject;
    disposition.reason +=
        (disposition.reason.empty() ? "" : "; ") + ("dry run, would reject: " + reason);
    return;
  }
  disposition.action = policy::Action::reject;
  disposition.reason = reason;
  disposition.reply = reply_to(refused);
}

}  // namespace sekisho::checkpoint
