#include "checkpoint/verification.hpp"

#include "arc/validator.hpp"
#include "authres/assessment.hpp"
#include "checkpoint/contained.hpp"
#include "checkpoint/message_lookups.hpp"
#include "checkpoint/pending_result.hpp"
#include "dkim/verifier.hpp"
#include "dmarc/evaluate.hpp"
#include "policy/dmarc.hpp"
#include "spf/check_host.hpp"

#include <optional>
#include <utility>

namespace sekisho::checkpoint {

namespace {

using ServicesPtr = std::shared_ptr<const Services>;

// Nobody publishes records for the addresses of hosts of his own: it says nothing about their mail
// that 127.0.0.1 has no name and is in no SPF record, and filters behind us would count it against
// the message.
template <typename Result>
void drop_unless_pass(findings::Origin origin, std::optional<Result>& result) {
  if (origin == findings::Origin::internal && result &&
      result->code != decltype(result->code)::pass) {
    result.reset();
  }
}

/// iprev and SPF of HELO: the session looks them up once for all its messages.
class Client final : public Mechanism {
 public:
  Client(ServicesPtr services, std::shared_ptr<ClientChecks> checks)
      : services_(std::move(services)), checks_(std::move(checks)) {}

  [[nodiscard]] const char* name() const override { return "client"; }
  void envelope(const findings::Findings& known) override {
    checks_->start(*services_, known.client);
  }
  void recipient(findings::Findings& findings) override {
    findings.iprev = checks_->iprev(findings.faults);
  }
  void end(findings::Findings& findings, const dkim::BodyHashes& /*body*/) override {
    findings.iprev = checks_->iprev(findings.faults);
    findings.spf_helo = checks_->spf_helo(findings.faults);
    drop_unless_pass(findings.origin, findings.iprev);
    drop_unless_pass(findings.origin, findings.spf_helo);
  }
  void explain(std::vector<ExplainedLookup>& explained) const override {
    checks_->explain(explained);
  }

 private:
  ServicesPtr services_;
  std::shared_ptr<ClientChecks> checks_;
};

/// A mechanism with look-ups of its own for each message.
class WithLookups : public Mechanism {
 public:
  WithLookups(ServicesPtr services, const findings::Client& client)
      : services_(std::move(services)), lookups_(open_lookups(*services_, client)) {}

  [[nodiscard]] const Services& services() const { return *services_; }
  [[nodiscard]] const ServicesPtr& shared_services() const { return services_; }
  /// These, with the whole time of a message.
  [[nodiscard]] const dns::Lookups& restarted_lookups() const {
    restart_time(*services_, *lookups_);
    return *lookups_;
  }
  [[nodiscard]] dkim::KeyFetches key_fetches() const {
    return {restarted_lookups(), services_->key_records};
  }
  void explain(std::vector<ExplainedLookup>& explained) const override {
    add_records(name(), *lookups_, explained);
  }

 private:
  ServicesPtr services_;
  dns::OwnedLookups lookups_;
};

/// SPF of the envelope sender.
class Spf final : public WithLookups {
 public:
  using WithLookups::WithLookups;

  [[nodiscard]] const char* name() const override { return "spf"; }
  void envelope(const findings::Findings& known) override {
    result_ = PendingResult(spf::check_mail_from(
        restarted_lookups(), spf_request(services(), known.client, known.envelope.sender),
        services().options.spf));
  }
  void recipient(findings::Findings& findings) override {
    findings.spf_mail_from = result_.collect(name(), findings.faults);
  }
  void header(const HeaderEvent& /*event*/) override {
    static_cast<void>(restarted_lookups());  // those that are under way
  }
  void end(findings::Findings& findings, const dkim::BodyHashes& /*body*/) override {
    findings.spf_mail_from = result_.collect(name(), findings.faults);
    drop_unless_pass(findings.origin, findings.spf_mail_from);
  }

 private:
  PendingResult<spf::Result> result_;
};

class Dkim final : public WithLookups {
 public:
  using WithLookups::WithLookups;

  [[nodiscard]] const char* name() const override { return "dkim"; }
  void header(const HeaderEvent& event) override {
    if (!event.is_whole) {
      return;
    }
    const mail::Author& author = event.known.author;
    const bool has_domain = author.status == mail::AuthorStatus::single_domain;
    verifier_.emplace(key_fetches(), event.header,
                      has_domain ? std::optional(author.domains.front()) : std::nullopt,
                      services().options.dkim, services().now(), event.body);
    event.signing_domains = verifier_->domains();
  }
  void end(findings::Findings& findings, const dkim::BodyHashes& body) override {
    if (verifier_) {
      findings.dkim = verifier_->finish(body);
      findings.dkim_checked = true;
    }
  }

 private:
  std::optional<dkim::Verifier> verifier_;
};

class Arc final : public WithLookups {
 public:
  using WithLookups::WithLookups;

  [[nodiscard]] const char* name() const override { return "arc"; }
  void header(const HeaderEvent& event) override {
    if (event.is_whole) {
      const Options& options = services().options;
      validator_.emplace(key_fetches(), event.header, options.arc.validate, options.dkim,
                         services().now(), event.body);
    }
  }
  void end(findings::Findings& findings, const dkim::BodyHashes& body) override {
    if (validator_) {
      findings.arc = validator_->finish(body);
      findings.arc_assessment = authres::read_assessment(findings.arc.first_results);
      findings.arc_checked = true;
    }
  }

 private:
  std::optional<arc::Validator> validator_;
};

/// Behind SPF and DKIM, on whose results it depends.
class Dmarc final : public WithLookups {
 public:
  using WithLookups::WithLookups;

  [[nodiscard]] const char* name() const override { return "dmarc"; }
  void header(const HeaderEvent& event) override {
    evaluation_.emplace(restarted_lookups(), std::shared_ptr<const dmarc::Options>(
                                                 shared_services(), &services().options.dmarc));
    const findings::Findings& known = event.known;
    if (known.author.status != mail::AuthorStatus::single_domain) {
      return;
    }
    evaluation_->start_author(known.author.domains.front());
    if (const auto sender = spf::mail_from_domain(known.envelope.sender, known.client.helo)) {
      evaluation_->start_identifier(*sender);
    }
    for (const mail::Domain& domain : event.signing_domains) {
      evaluation_->start_identifier(domain);
    }
  }
  void end(findings::Findings& findings, const dkim::BodyHashes& /*body*/) override {
    if (evaluation_) {
      findings.dmarc =
          evaluation_->finish(findings.author, findings.spf_mail_from.value_or(spf::Result{}),
                              findings.dkim, services().draw());
      policy::soften_after_fault(findings);
    }
  }

 private:
  std::optional<dmarc::Evaluation> evaluation_;
};

}  // namespace

// The list. A mechanism stands behind those whose results it reads.
Verification::Verification(const ServicesPtr& services, const findings::Client& client,
                           const std::shared_ptr<ClientChecks>& checks) {
  mechanisms_.push_back(std::make_unique<Client>(services, checks));
  mechanisms_.push_back(std::make_unique<Spf>(services, client));
  mechanisms_.push_back(std::make_unique<Dkim>(services, client));
  mechanisms_.push_back(std::make_unique<Arc>(services, client));
  mechanisms_.push_back(std::make_unique<Dmarc>(services, client));
}

template <typename Hook>
void Verification::each(findings::Findings& findings, const Hook& hook) {
  for (const auto& mechanism : mechanisms_) {
    contained(mechanism->name(), findings.faults, [&] { hook(*mechanism); });
  }
}

void Verification::envelope(findings::Findings& findings) {
  each(findings, [&](Mechanism& mechanism) { mechanism.envelope(findings); });
}

void Verification::recipient(findings::Findings& findings) {
  each(findings, [&](Mechanism& mechanism) { mechanism.recipient(findings); });
}

void Verification::header(const mail::HeaderSection& header, bool is_whole,
                          findings::Findings& findings, dkim::BodyHashes& body) {
  std::vector<mail::Domain> signing_domains;
  const HeaderEvent event{header, is_whole, findings, body, signing_domains};
  each(findings, [&](Mechanism& mechanism) { mechanism.header(event); });
}

void Verification::end(findings::Findings& findings, const dkim::BodyHashes& body) {
  each(findings, [&](Mechanism& mechanism) { mechanism.end(findings, body); });
}

std::vector<ExplainedLookup> Verification::explain() const {
  std::vector<ExplainedLookup> explained;
  for (const auto& mechanism : mechanisms_) {
    mechanism->explain(explained);
  }
  return explained;
}

}  // namespace sekisho::checkpoint
