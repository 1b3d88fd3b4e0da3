#include "preflight/route_checks.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sekisho::preflight {

namespace {

bool is_spf_known(const Envelope& envelope, const std::optional<std::string>& sender) {
  return !envelope.addresses.empty() && sender && (!sender->empty() || !envelope.helo.empty());
}

Level level_of_spf(spf::ResultCode code, const RouteContext& context) {
  switch (code) {
    case spf::ResultCode::fail:
    case spf::ResultCode::permerror:
      return Level::error;
    case spf::ResultCode::softfail:
    case spf::ResultCode::neutral:
    case spf::ResultCode::none:
      // Receivers want SPF or DKIM of everybody, and both of bulk senders.
      return context.is_bulk_sender || dkim_passes(context.signatures) == Tristate::no
                 ? Level::error
                 : Level::warning;
    case spf::ResultCode::pass:
    case spf::ResultCode::temperror:
      return Level::warning;
  }
  std::unreachable();
}

/// The record with the address in it: the published one, or a new one.
std::string spf_record_for(const AddressResult& result) {
  const std::string term = (result.address.is_v4() ? "ip4:" : "ip6:") + result.address.text();
  std::string text = "v=spf1 " + term + " -all";
  constexpr std::string_view version = "v=spf1";
  if (!result.spf.records.empty() && result.spf.records.front().text.starts_with(version)) {
    text = result.spf.records.front().text;
    text.insert(version.size(), " " + term);
  }
  return result.spf.domain + ". TXT \"" + printable(text, 400) + "\"";
}

bool is_open_record(const spf::Result& result) {
  return result.code == spf::ResultCode::pass &&
         (result.mechanism == "all" || result.mechanism == "+all");
}

void check_spf(const AddressResult& result, const RouteContext& context,
               std::vector<Finding>& findings) {
  const spf::ResultCode code = result.spf.code;
  if (code == spf::ResultCode::pass && !is_open_record(result.spf)) {
    return;
  }
  const bool is_open = code == spf::ResultCode::pass;
  const Level level = is_open ? Level::warning : level_of_spf(code, context);
  add_finding(
      findings, Id::spf_result, level, {},
      std::string(spf::format_result_code(code)) + " for " + result.address.text() + ": " +
          (is_open ? "the record permits every address" : printable(result.spf.reason, 200)));
  const bool can_be_permitted = code != spf::ResultCode::permerror &&
                                code != spf::ResultCode::temperror && !result.spf.domain.empty();
  if (can_be_permitted && !is_open) {
    findings.back().publish = spf_record_for(result);
  }
}

void check_spf_alignment(const AddressResult& result, const RouteContext& context,
                         std::vector<Finding>& findings) {
  if (result.spf.code == spf::ResultCode::pass && !result.dmarc.spf_aligned &&
      result.dmarc.code != dmarc::ResultCode::temperror && context.sender &&
      !context.sender->empty() && context.author.status == mail::AuthorStatus::single_domain &&
      result.dmarc.fault != dmarc::Fault::no_record && !has_finding(findings, Id::spf_aligned)) {
    add_finding(findings, Id::spf_aligned, Level::advice, {},
                "SPF passes for " + result.spf.domain + ", which is not the author's domain");
  }
}

void check_iprev(const AddressResult& result, std::vector<Finding>& findings) {
  if (result.iprev.code == iprev::ResultCode::pass) {
    return;
  }
  const bool is_sure = result.iprev.code != iprev::ResultCode::temperror;
  add_finding(findings, Id::iprev_result, is_sure ? Level::error : Level::warning, {},
              printable(result.iprev.reason, 200));
}

void check_helo(const AddressResult& result, const RouteContext& context,
                std::vector<Finding>& findings) {
  const std::string& helo = context.envelope.helo;
  if (helo.empty() || has_finding(findings, Id::helo_name)) {
    return;
  }
  const auto name = mail::Domain::parse(helo);
  if (!name || name->label_count() < 2) {
    add_finding(findings, Id::helo_name, Level::warning, {},
                printable(helo) + " is not the full name of a host");
  } else if (result.helo_leads_here == false) {
    add_finding(findings, Id::helo_name, Level::warning, {},
                name->text() + " does not have the address " + result.address.text());
  } else if (result.spf_helo.code == spf::ResultCode::fail) {
    add_finding(findings, Id::helo_name, Level::warning, {},
                "SPF of " + name->text() + " does not permit " + result.address.text());
  }
}

// Without an address only DKIM is known, and SPF may still make DMARC pass.
void check_dmarc_result(const dmarc::Result& result, const RouteContext& context,
                        std::vector<Finding>& findings) {
  if (result.code == dmarc::ResultCode::temperror) {
    add_finding(findings, Id::dmarc_result, Level::warning, {}, printable(result.reason, 200));
    return;
  }
  if (result.code != dmarc::ResultCode::fail) {
    return;
  }
  const bool is_known = is_spf_known(context.envelope, context.sender);
  const bool is_signed = !context.signatures.empty();
  const bool is_refused = result.policy != dmarc::Policy::none || context.is_bulk_sender;
  if (is_known) {
    add_finding(findings, Id::dmarc_result, is_refused ? Level::error : Level::warning, {},
                printable(result.reason, 300) + " (policy " +
                    std::string(dmarc::format_policy(result.policy)) + ")");
  } else if (is_signed) {
    add_finding(findings, Id::dmarc_result, Level::warning, {},
                "DKIM does not make DMARC pass; SPF is not known without an address");
  }
}

void check_dmarc_record(const dmarc::Result& result, const RouteContext& context,
                        std::vector<Finding>& findings) {
  const bool is_missing = result.fault == dmarc::Fault::no_record;
  if (!is_missing && result.fault != dmarc::Fault::unusable_record) {
    return;
  }
  add_finding(findings, Id::dmarc_record, context.is_bulk_sender ? Level::error : Level::advice, {},
              printable(result.reason, 200));
  if (is_missing && result.organizational_domain) {
    const std::string& domain = result.organizational_domain->text();
    findings.back().publish =
        "_dmarc." + domain + ". TXT \"v=DMARC1; p=none; rua=mailto:dmarc-reports@" + domain + "\"";
  }
}

void check_sender(const RouteResult& route, const RouteContext& context,
                  std::vector<Finding>& findings) {
  if (context.sender && context.sender->empty() && !context.is_automatic) {
    add_finding(findings, Id::env_null_not_auto, Level::warning, {},
                "the null sender on a message that is no report");
  }
  if (route.sender == MailDomain::missing || route.sender == MailDomain::null_mx) {
    const auto domain = spf::mail_from_domain(context.sender.value_or(""), "");
    // A sender that nobody named is only likely to be the author.
    const Level level = context.envelope.sender ? Level::error : Level::warning;
    add_finding(findings, Id::env_return, level, {},
                "the sender's domain " + (domain ? domain->text() : "") +
                    (route.sender == MailDomain::null_mx ? " takes no mail (null MX)"
                                                         : " has neither MX nor address"));
  }
}

bool is_authenticated(const RouteResult& route, const RouteContext& context) {
  const bool by_dkim = std::ranges::any_of(context.signatures, [](const JudgedSignature& each) {
    return passes_for_author(each, false);
  });
  const bool by_spf = !route.addresses.empty() &&
                      std::ranges::all_of(route.addresses, [](const AddressResult& each) {
                        return each.dmarc.spf_aligned;
                      });
  return by_dkim || by_spf;
}

bool is_undecided(const RouteResult& route, const RouteContext& context) {
  const bool by_dkim = dkim_passes(context.signatures) == Tristate::unknown;
  return by_dkim || std::ranges::any_of(route.addresses, [](const AddressResult& each) {
           return each.spf.code == spf::ResultCode::temperror ||
                  each.dmarc.code == dmarc::ResultCode::temperror;
         });
}

void check_foreign(const RouteResult& route, const RouteContext& context,
                   const ReceiverRules& rules, std::vector<Finding>& findings) {
  if (context.author.status != mail::AuthorStatus::single_domain || context.is_indirect ||
      context.has_own_key.value_or(false) || is_authenticated(route, context) ||
      is_undecided(route, context)) {
    return;
  }
  const std::string& domain = context.author.domains.front().text();
  if (is_freemail(rules, context.author.domains.front())) {
    add_finding(findings, Id::from_foreign, Level::error, {"From", 0, 0},
                domain + " is a mail provider, and only its own hosts may write in its name");
    return;
  }
  const bool is_unknown = !context.has_own_key || route.addresses.empty();
  if (!is_unknown) {
    const bool is_refused = route.dmarc.policy != dmarc::Policy::none;
    add_finding(
        findings, Id::from_foreign, is_refused ? Level::error : Level::warning, {"From", 0, 0},
        "there is no key for " + domain + ", and its SPF record does not permit our addresses");
  }
}

}  // namespace

Tristate dkim_passes(std::span<const JudgedSignature> signatures) {
  Tristate passes = Tristate::no;
  for (const JudgedSignature& signature : signatures) {
    if (signature.result.code == dkim::ResultCode::pass) {
      return Tristate::yes;
    }
    if (signature.result.code == dkim::ResultCode::temperror) {
      passes = Tristate::unknown;
    }
  }
  return passes;
}

Tristate spf_passes(const RouteResult& route, const Envelope& envelope,
                    const std::optional<std::string>& sender) {
  if (!is_spf_known(envelope, sender)) {
    return Tristate::unknown;
  }
  Tristate passes = Tristate::yes;
  for (const AddressResult& each : route.addresses) {
    if (each.spf.code == spf::ResultCode::temperror) {
      passes = Tristate::unknown;
    } else if (each.spf.code != spf::ResultCode::pass) {
      return Tristate::no;
    }
  }
  return passes;
}

bool is_freemail(const ReceiverRules& rules, const mail::Domain& domain) {
  return rules.of_domain(domain) != nullptr ||
         std::ranges::find(rules.freemail, domain) != rules.freemail.end();
}

void check_route(const RouteResult& route, const RouteContext& context, const ReceiverRules& rules,
                 std::vector<Finding>& findings) {
  check_sender(route, context, findings);
  check_foreign(route, context, rules, findings);
  for (const AddressResult& result : route.addresses) {
    if (is_spf_known(context.envelope, context.sender)) {
      check_spf(result, context, findings);
      check_spf_alignment(result, context, findings);
    }
    check_iprev(result, findings);
    check_helo(result, context, findings);
  }
  check_dmarc_result(route.dmarc, context, findings);
  check_dmarc_record(route.dmarc, context, findings);
  if (context.next_hop_tls == false) {
    add_finding(findings, Id::tls_next_hop, Level::warning, {},
                "the mail server does not use TLS when it sends");
  }
}

}  // namespace sekisho::preflight
