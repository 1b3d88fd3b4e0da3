#include "domain_check/forger.hpp"

#include "dmarc/evaluate.hpp"
#include "domain_check/other_records.hpp"
#include "spf/check_host.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace sekisho::domain_check {

namespace {

constexpr std::size_t max_samples = 4;

// Nobody's addresses: of documentation, benchmarks, and private use.
constexpr std::string_view strangers[] = {"203.0.113.254", "198.51.100.254", "198.18.0.254",
                                          "10.255.255.254", "2001:db8:ffff:ffff::fe"};

spf::Result spf_result(const Examination& examination, const dns::IpAddress& client,
                       const std::string& mail_from) {
  spf::Request request;
  request.client = client;
  request.helo = "forger.invalid";
  request.sender = mail_from;
  return spf::check_mail_from(examination.lookups, request, {}).get();
}

bool passes(const Examination& examination, const dns::IpAddress& client) {
  const std::string sender = "postmaster@" + examination.domain.text();
  return spf_result(examination, client, sender).code == spf::ResultCode::pass;
}

dns::IpAddress stranger(const Examination& examination) {
  for (const std::string_view text : strangers) {
    const dns::IpAddress address = *dns::IpAddress::parse(text);
    if (!passes(examination, address)) {
      return address;
    }
  }
  return *dns::IpAddress::parse(strangers[0]);
}

std::optional<dns::IpAddress> permitted(const Examination& examination, const SpfTree& tree) {
  for (const dns::IpAddress& address : tree.root().passing.samples(max_samples)) {
    if (passes(examination, address)) {
      return address;
    }
  }
  const dns::IpAddress anybody = *dns::IpAddress::parse(strangers[0]);
  return tree.root().passes_all && passes(examination, anybody) ? std::optional(anybody)
                                                                : std::nullopt;
}

std::string describe_policy(const dmarc::Result& result, ForgedAuthor author) {
  const std::string policy = std::string(format_policy_source(result.policy_source)) + '=' +
                             std::string(dmarc::format_policy(result.published_policy));
  const bool lacks_np = author == ForgedAuthor::missing &&
                        result.discovery == dmarc::DiscoveryMethod::treewalk &&
                        result.policy_source != dmarc::PolicySource::np;
  std::string why = lacks_np ? "no np, so " + policy : policy;
  if (!result.record) {
    return why;
  }
  if (result.record->testing) {
    why += ", lowered by t=y";
  }
  if (result.record->percent < 100) {
    why += ", for " + std::to_string(result.record->percent) + " % of messages (pct)";
  }
  return why;
}

std::string describe(const dmarc::Result& result, ForgedAuthor author) {
  switch (result.code) {
    case dmarc::ResultCode::pass:
      return "SPF passes and is aligned";
    case dmarc::ResultCode::fail:
      return describe_policy(result, author);
    case dmarc::ResultCode::none:
      return result.fault == dmarc::Fault::unusable_record ? "the DMARC record is not usable"
                                                           : "no DMARC record";
    case dmarc::ResultCode::temperror:
    case dmarc::ResultCode::permerror:
      return shown(result.reason);
  }
  std::unreachable();
}

mail::Author author_of(const mail::Domain& domain) {
  mail::Author author;
  author.status = mail::AuthorStatus::single_domain;
  author.domains.push_back(domain);
  return author;
}

// pct= applies to most messages if it does to the one in the middle.
constexpr unsigned middle_draw = 49;

Forgery evaluate(const Examination& examination, dmarc::Discovery discovery, ForgedAuthor kind,
                 const mail::Domain& author, const dns::IpAddress& client,
                 const std::string& sender_domain) {
  auto options = std::make_shared<dmarc::Options>();
  options->discovery = discovery;
  options->suffixes = examination.options.suffixes;
  const std::string mail_from = "postmaster@" + sender_domain;
  const spf::Result spf = spf_result(examination, client, mail_from);
  dmarc::Evaluation evaluation(examination.lookups, options);
  const dmarc::Result result = evaluation.finish(author_of(author), spf, {}, middle_draw);
  return {outcome_of(result), describe(result, kind), mail_from};
}

// What the forger likes most: the enumerators are in this order.
Forgery best(const Examination& examination, dmarc::Discovery discovery, ForgedAuthor kind,
             const mail::Domain& author, const dns::IpAddress& client) {
  Forgery first = evaluate(examination, discovery, kind, author, client, examination.domain.text());
  if (author == examination.domain) {
    return first;
  }
  Forgery second = evaluate(examination, discovery, kind, author, client, author.text());
  return second.outcome < first.outcome ? second : first;
}

std::optional<mail::Domain> existing_name(const Examination& examination, const MailHosts& hosts) {
  const auto is_below = [&](const mail::Domain& name) {
    return name != examination.domain && name.is_within(examination.domain);
  };
  for (const mail::Domain& name : examination.options.names) {
    if (is_below(name)) {
      return name;
    }
  }
  for (const MailHost& host : hosts.hosts) {
    const auto name = mail::Domain::parse(host.name);
    if (name && is_below(*name)) {
      return name;
    }
  }
  const auto other = std::ranges::find_if(examination.options.other_names, is_below);
  return other == examination.options.other_names.end() ? std::nullopt : std::optional(*other);
}

}  // namespace

std::string_view format_forged_author(ForgedAuthor author) {
  switch (author) {
    case ForgedAuthor::domain:
      return "domain";
    case ForgedAuthor::existing:
      return "existing";
    case ForgedAuthor::missing:
      return "missing";
  }
  std::unreachable();
}

std::string_view format_forgers_way(ForgersWay way) {
  switch (way) {
    case ForgersWay::any:
      return "any";
    case ForgersWay::spf:
      return "spf";
  }
  std::unreachable();
}

std::string_view format_forgery_outcome(ForgeryOutcome outcome) {
  switch (outcome) {
    case ForgeryOutcome::delivered:
      return "delivered";
    case ForgeryOutcome::quarantined:
      return "quarantined";
    case ForgeryOutcome::refused:
      return "refused";
    case ForgeryOutcome::unknown:
      return "unknown";
  }
  std::unreachable();
}

ForgeryOutcome outcome_of(const dmarc::Result& result) {
  if (result.code == dmarc::ResultCode::temperror) {
    return ForgeryOutcome::unknown;
  }
  if (result.code != dmarc::ResultCode::fail) {
    return ForgeryOutcome::delivered;
  }
  switch (result.policy) {
    case dmarc::Policy::none:
      return ForgeryOutcome::delivered;
    case dmarc::Policy::quarantine:
      return ForgeryOutcome::quarantined;
    case dmarc::Policy::reject:
      return ForgeryOutcome::refused;
  }
  std::unreachable();
}

std::vector<ForgerRow> make_forger_table(const Examination& examination, const SpfTree& spf,
                                         const MailHosts& hosts) {
  std::vector<std::pair<ForgedAuthor, mail::Domain>> authors;
  authors.emplace_back(ForgedAuthor::domain, examination.domain);
  if (const auto name = existing_name(examination, hosts)) {
    authors.emplace_back(ForgedAuthor::existing, *name);
  }
  const auto missing =
      mail::Domain::parse(unused_label(examination.domain) + '.' + examination.domain.text());
  if (missing) {
    authors.emplace_back(ForgedAuthor::missing, *missing);
  }
  std::vector<std::pair<ForgersWay, dns::IpAddress>> ways;
  if (const auto client = permitted(examination, spf)) {
    ways.emplace_back(ForgersWay::spf, *client);
  }
  ways.emplace_back(ForgersWay::any, stranger(examination));
  std::vector<ForgerRow> rows;
  for (const auto& [way, client] : ways) {
    for (const auto& [author, name] : authors) {
      rows.push_back({author, name.text(), way, client,
                      best(examination, dmarc::Discovery::treewalk, author, name, client),
                      best(examination, dmarc::Discovery::psl, author, name, client)});
    }
  }
  return rows;
}

}  // namespace sekisho::domain_check
