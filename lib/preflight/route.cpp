#include "preflight/route.hpp"

#include "dns/answer.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::preflight {

namespace {

using dns::RecordType;

dns::Task<MailDomain> find_mail_domain(dns::Lookups lookups, mail::Domain domain) {
  auto mx_pending = lookups.lookup(domain.text(), RecordType::mx);
  auto a_pending = lookups.lookup(domain.text(), RecordType::a);
  auto aaaa_pending = lookups.lookup(domain.text(), RecordType::aaaa);
  const dns::Answer mx = co_await mx_pending;
  const dns::Answer a = co_await a_pending;
  const dns::Answer aaaa = co_await aaaa_pending;
  if (mx.status == dns::Status::found) {
    const auto hosts = mx.all<dns::MailExchange>();
    const bool is_null = std::ranges::all_of(
        hosts, [](const dns::MailExchange* host) { return host->host.empty(); });
    co_return is_null ? MailDomain::null_mx : MailDomain::takes_mail;
  }
  if (a.status == dns::Status::found || aaaa.status == dns::Status::found) {
    co_return MailDomain::takes_mail;
  }
  const bool is_sure = !dns::is_temporary(mx.status) && !dns::is_temporary(a.status) &&
                       !dns::is_temporary(aaaa.status);
  co_return is_sure ? MailDomain::missing : MailDomain::unknown;
}

/// Nullopt: the DNS did not answer.
dns::Task<std::optional<bool>> leads_to(dns::Lookups lookups, mail::Domain name,
                                        dns::IpAddress address) {
  const RecordType type = address.is_v4() ? RecordType::a : RecordType::aaaa;
  auto pending = lookups.lookup(name.text(), type);
  const dns::Answer answer = co_await pending;
  if (dns::is_temporary(answer.status)) {
    co_return std::nullopt;
  }
  const auto addresses = answer.all<dns::IpAddress>();
  co_return std::ranges::any_of(
      addresses, [&](const dns::IpAddress* each) { return each->unmapped() == address; });
}

std::string address_of(const mail::Author& author) {
  const mail::Mailbox& mailbox = author.mailboxes.front();
  return mailbox.local_part + "@" + author.domains.front().text();
}

// From the best to the worst.
int rank(dmarc::ResultCode code) {
  switch (code) {
    case dmarc::ResultCode::pass:
      return 0;
    case dmarc::ResultCode::none:
      return 1;
    case dmarc::ResultCode::temperror:
      return 2;
    case dmarc::ResultCode::permerror:
      return 3;
    case dmarc::ResultCode::fail:
      return 4;
  }
  std::unreachable();
}

}  // namespace

dns::OwnedLookups Environment::open_lookups() const {
  return dns::OwnedLookups(dns::Lookups(
      resolver, {.deadline = std::chrono::steady_clock::now() + timeout, .limit = lookups}));
}

/// What is under way for one address.
struct AddressChecks {
  AddressChecks(const Environment& environment, const dns::IpAddress& its_address)
      : address(its_address),
        spf_lookups(environment.open_lookups()),
        helo_lookups(environment.open_lookups()),
        iprev_lookups(environment.open_lookups()),
        dmarc_lookups(environment.open_lookups()),
        dmarc(*dmarc_lookups, environment.dmarc) {}

  dns::IpAddress address;
  dns::OwnedLookups spf_lookups;
  dns::OwnedLookups helo_lookups;
  dns::OwnedLookups iprev_lookups;
  dns::OwnedLookups dmarc_lookups;
  std::optional<dns::Task<spf::Result>> spf;
  std::optional<dns::Task<spf::Result>> spf_helo;
  std::optional<dns::Task<iprev::Result>> iprev;
  std::optional<dns::Task<std::optional<bool>>> helo;
  dmarc::Evaluation dmarc;
};

struct Route::State {
  explicit State(const Environment& environment)
      : domain_lookups(environment.open_lookups()),
        author_spf_lookups(environment.open_lookups()),
        dmarc_lookups(environment.open_lookups()),
        dmarc(*dmarc_lookups, environment.dmarc) {}

  dns::OwnedLookups domain_lookups;
  dns::OwnedLookups author_spf_lookups;
  dns::OwnedLookups dmarc_lookups;
  dmarc::Evaluation dmarc;  // by DKIM alone
  std::optional<dns::Task<MailDomain>> sender;
  std::optional<dns::Task<MailDomain>> author;
  std::optional<dns::Task<spf::Result>> spf_of_author;
  std::vector<AddressChecks> addresses;

  void start_dmarc(dmarc::Evaluation& evaluation, const mail::Author& from,
                   const std::optional<mail::Domain>& spf_domain,
                   std::span<const mail::Domain> signing_domains);
  void start_address(const Environment& environment, const Envelope& envelope,
                     const std::string& sender, const dns::IpAddress& address);
};

void Route::State::start_dmarc(dmarc::Evaluation& evaluation, const mail::Author& from,
                               const std::optional<mail::Domain>& spf_domain,
                               std::span<const mail::Domain> signing_domains) {
  if (from.status != mail::AuthorStatus::single_domain) {
    return;
  }
  evaluation.start_author(from.domains.front());
  if (spf_domain) {
    evaluation.start_identifier(*spf_domain);
  }
  for (const mail::Domain& domain : signing_domains) {
    evaluation.start_identifier(domain);
  }
}

void Route::State::start_address(const Environment& environment, const Envelope& envelope,
                                 const std::string& path, const dns::IpAddress& address) {
  AddressChecks& checks = addresses.emplace_back(environment, address);
  const spf::Request request{.client = address,
                             .helo = envelope.helo,
                             .sender = path,
                             .receiver = environment.receiver,
                             .now = environment.now.time_since_epoch().count()};
  spf::Options options = environment.spf;
  options.keep_records = true;
  checks.spf.emplace(spf::check_mail_from(*checks.spf_lookups, request, options));
  checks.iprev.emplace(iprev::check(*checks.iprev_lookups, address));
  if (envelope.helo.empty()) {
    return;
  }
  checks.spf_helo.emplace(spf::check_helo(*checks.helo_lookups, request, options));
  if (const auto name = mail::Domain::parse(envelope.helo); name && name->label_count() > 1) {
    checks.helo.emplace(leads_to(*checks.iprev_lookups, *name, address));
  }
}

Route::Route(const Environment& environment, const Envelope& envelope, const std::string& sender,
             const mail::Author& author, std::span<const mail::Domain> signing_domains)
    : state_(std::make_unique<State>(environment)) {
  State& state = *state_;
  state.addresses.reserve(max_addresses);
  const auto spf_domain = spf::mail_from_domain(sender, envelope.helo);
  for (const dns::IpAddress& address : envelope.addresses) {
    if (state.addresses.size() < max_addresses) {
      state.start_address(environment, envelope, sender, address);
      state.start_dmarc(state.addresses.back().dmarc, author, spf_domain, signing_domains);
    }
  }
  state.start_dmarc(state.dmarc, author, std::nullopt, signing_domains);
  if (spf_domain && !sender.empty()) {
    state.sender.emplace(find_mail_domain(*state.domain_lookups, *spf_domain));
  }
  if (author.status != mail::AuthorStatus::single_domain) {
    return;
  }
  state.author.emplace(find_mail_domain(*state.domain_lookups, author.domains.front()));
  if (!envelope.addresses.empty() && !author.mailboxes.empty()) {
    const spf::Request request{.client = envelope.addresses.front(),
                               .helo = envelope.helo,
                               .sender = address_of(author),
                               .receiver = environment.receiver,
                               .now = environment.now.time_since_epoch().count()};
    state.spf_of_author.emplace(
        spf::check_mail_from(*state.author_spf_lookups, request, environment.spf));
  }
}

Route::Route(Route&&) noexcept = default;
Route& Route::operator=(Route&&) noexcept = default;
Route::~Route() = default;

RouteResult Route::finish(const mail::Author& author, std::span<const dkim::Result> signatures) {
  State& state = *state_;
  RouteResult result;
  result.dmarc = state.dmarc.finish(author, spf::Result{}, signatures);
  for (AddressChecks& checks : state.addresses) {
    AddressResult& found = result.addresses.emplace_back();
    found.address = checks.address;
    found.spf = checks.spf->get();
    found.iprev = checks.iprev->get();
    if (checks.spf_helo) {
      found.spf_helo = checks.spf_helo->get();
    }
    if (checks.helo) {
      found.helo_leads_here = checks.helo->get();
    }
    found.dmarc = checks.dmarc.finish(author, found.spf, signatures);
  }
  if (!result.addresses.empty()) {
    result.dmarc = std::ranges::max_element(result.addresses, {}, [](const AddressResult& each) {
                     return rank(each.dmarc.code);
                   })->dmarc;
  }
  if (state.sender) {
    result.sender = state.sender->get();
  }
  if (state.author) {
    result.author = state.author->get();
  }
  if (state.spf_of_author) {
    result.spf_of_author = state.spf_of_author->get();
  }
  return result;
}

}  // namespace sekisho::preflight
