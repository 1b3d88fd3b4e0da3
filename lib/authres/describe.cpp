#include "authres/describe.hpp"

#include "authres/scanner.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::authres {

namespace {

constexpr std::size_t usual_results = 8;

void add_property(MethodResult& method, const char* type, std::string_view name,
                  std::string value) {
  if (!value.empty()) {
    method.properties.push_back({type, std::string(name), std::move(value)});
  }
}

// A domain from a mechanism, checked once more before it is printed (CVE-2020-12272): "" where it
// is none.
std::string printable_domain(std::string_view text) {
  const auto domain = mail::Domain::parse(text);
  return domain ? domain->text() : "";
}

std::string printable_domain(const std::optional<mail::Domain>& domain) {
  return domain ? domain->text() : "";
}

// Letters, digits and what people put between them. Other local parts are the sender's to choose as
// well, and could read like a result (`dmarc=pass`) or turn the line around (U+202E).
bool is_plain(std::string_view local_part) {
  return std::ranges::all_of(local_part, [](char c) {
    return mail::is_alphanumeric(c) || std::string_view("+-._").contains(c);
  });
}

// An AUID: its domain in A-labels, its local part as it is where that is plain. The signer vouches
// for the domain alone, so that nothing is lost (RFC 6376 §2.6).
std::string printable_mailbox(std::string_view text) {
  const std::size_t at = text.rfind('@');
  const std::string domain =
      at == std::string_view::npos ? "" : printable_domain(text.substr(at + 1));
  if (domain.empty()) {
    return "";
  }
  const std::string_view local_part = text.substr(0, at);
  return (is_plain(local_part) ? std::string(local_part) : "") + "@" + domain;
}

// Ours, yet it may hold words of the sender's: nothing that a weak parser could take for the end of
// the reason or of the result, and not endless.
std::string printable_reason(std::string_view reason, std::size_t max_octets) {
  constexpr std::string_view cut_mark = "...";
  std::string text(reason);
  if (text.size() > max_octets) {
    text.replace(max_octets - cut_mark.size(), text.npos, cut_mark);
  }
  std::ranges::replace(text, ';', ',');
  std::ranges::replace(text, '"', '\'');
  std::erase_if(text,
                [](char c) { return c < ' ' || c >= '\x7f' || c == '(' || c == ')' || c == '\\'; });
  return text;
}

MethodResult method_result(const char* method, std::string_view result, std::string_view reason) {
  constexpr std::size_t max_reason = 120;
  constexpr std::size_t most_properties = 5;
  MethodResult described;
  described.method = method;
  described.properties.reserve(most_properties);
  described.result = result;
  if (result != "pass" && result != "none") {
    described.reason = printable_reason(reason, max_reason);
  }
  return described;
}

void tell_override(const std::optional<findings::Override>& override, MethodResult& method) {
  constexpr std::size_t max_override = 400;  // a chain has 50 sealers at most, three as a rule
  if (override) {
    method.reason = printable_reason(
        std::string(dmarc::format_override_type(override->type)) + ": " + override->comment,
        max_override);
  }
}

// RFC 8601 §2.7.3
MethodResult describe_iprev(const iprev::Result& iprev, const findings::Client& client) {
  MethodResult method = method_result("iprev", iprev::format_result_code(iprev.code), iprev.reason);
  if (client.address) {
    add_property(method, "policy", "iprev", client.address->text());
  }
  method.comment = printable_domain(iprev.name);
  return method;
}

// RFC 8601 §2.7.2: the domain alone, since no local part was authenticated. The reason may quote
// the domain's own record and, by its macros, the sender: no word in it is to look like a result.
MethodResult describe_spf(const spf::Result& spf) {
  MethodResult method = method_result("spf", spf::format_result_code(spf.code), spf.reason);
  std::ranges::replace(method.reason, '=', ':');
  const char* property = spf.identity == spf::Identity::helo ? "helo" : "mailfrom";
  add_property(method, "smtp", property, printable_domain(spf.domain));
  method.comment = spf.mechanism;
  return method;
}

// Neither HELO nor the sender has a domain: two results that nothing tells apart.
bool are_nameless(const findings::Findings& findings) {
  return printable_domain(findings.spf_helo->domain).empty() &&
         printable_domain(findings.spf_mail_from->domain).empty() &&
         findings.spf_helo->code == findings.spf_mail_from->code;
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

// As much of b= as tells this signature from all others: at least eight characters (RFC 6008 §4).
// Signatures that are the same, or almost, cannot be told apart.
std::string identifying_part(const std::string& signature,
                             const std::set<std::string>& all_signatures) {
  constexpr std::size_t at_least = 8;
  constexpr std::size_t at_most = 64;
  std::size_t length = at_least;
  const auto self = all_signatures.find(signature);
  if (self != all_signatures.begin()) {
    length = std::max(length, common_prefix(signature, *std::prev(self)) + 1);
  }
  if (const auto next = std::next(self); next != all_signatures.end()) {
    length = std::max(length, common_prefix(signature, *next) + 1);
  }
  return signature.substr(0, std::min(length, at_most));
}

// RFC 8601 §2.7.1
MethodResult describe_signature(const dkim::Result& dkim,
                                const std::set<std::string>& all_signatures) {
  MethodResult method = method_result("dkim", dkim::format_result_code(dkim.code), dkim.reason);
  add_property(method, "header", "d", printable_domain(dkim.domain));
  add_property(method, "header", "i", printable_mailbox(dkim.auid));
  add_property(method, "header", "s", printable_domain(dkim.selector));
  add_property(method, "header", "a", is_token(dkim.algorithm) ? dkim.algorithm : "");
  add_property(method, "header", "b", identifying_part(dkim.signature, all_signatures));
  if (dkim.key_bits > 0) {
    method.comment = std::to_string(dkim.key_bits) + "-bit key";
  }
  return method;
}

// Lower is told first. A signature of the author's organization is what made DMARC pass, if any
// did; hundreds of others may stand beside it.
int rank_of(const dkim::Result& result, const std::optional<mail::Domain>& organization) {
  constexpr int aligned = 0;
  constexpr int passing = 1;
  constexpr int other = 2;
  if (result.code != dkim::ResultCode::pass) {
    return other;
  }
  const bool is_aligned = organization && result.domain && result.domain->is_within(*organization);
  return is_aligned ? aligned : passing;
}

// The signatures to be told, as indexes: the most important first.
std::vector<std::size_t> rank_signatures(const findings::Findings& findings) {
  std::optional<mail::Domain> organization;
  if (findings.dmarc) {
    organization = findings.dmarc->organizational_domain ? findings.dmarc->organizational_domain
                                                         : findings.dmarc->author_domain;
  }
  std::vector<int> ranks;
  for (const dkim::Result& result : findings.dkim) {
    ranks.push_back(rank_of(result, organization));
  }
  std::vector<std::size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&ranks](std::size_t i) { return ranks[i]; });
  order.resize(std::min(order.size(), max_described_signatures));
  return order;
}

// Those told before the other methods, and those behind, each in the order of the message.
struct DescribedSignatures {
  std::vector<MethodResult> leading;
  std::vector<MethodResult> others;
};

std::vector<MethodResult> describe_signatures(std::span<std::size_t> indexes,
                                              const std::vector<dkim::Result>& results,
                                              const std::set<std::string>& all_signatures) {
  std::ranges::sort(indexes);
  std::vector<MethodResult> methods;
  for (const std::size_t i : indexes) {
    methods.push_back(describe_signature(results[i], all_signatures));
  }
  return methods;
}

DescribedSignatures describe_dkim(const findings::Findings& findings) {
  if (!findings.dkim_checked) {
    return {};
  }
  if (findings.dkim.empty()) {
    return {{method_result("dkim", "none", "")}, {}};
  }
  std::vector<std::size_t> order = rank_signatures(findings);
  std::set<std::string> signatures;
  for (const std::size_t i : order) {
    signatures.insert(findings.dkim[i].signature);
  }
  const std::span all(order);
  const std::size_t leading = std::min(order.size(), max_leading_signatures);
  return {describe_signatures(all.first(leading), findings.dkim, signatures),
          describe_signatures(all.subspan(leading), findings.dkim, signatures)};
}

void append(std::vector<MethodResult> results, std::vector<MethodResult>& methods) {
  methods.insert(methods.end(), std::move_iterator(results.begin()),
                 std::move_iterator(results.end()));
}

// The sealers from the newest on, as OpenARC's users know it.
std::string chain_of(const std::vector<arc::SealIdentity>& sealers) {
  std::string chain;
  for (auto sealer = sealers.rbegin(); sealer != sealers.rend(); ++sealer) {
    chain += (chain.empty() ? "" : ":") + sealer->domain.text();
  }
  return chain;
}

// RFC 8617 §6, §10.2. Of a chain that does not pass, nothing was authenticated.
MethodResult describe_arc(const arc::ChainResult& arc, const findings::Client& client,
                          bool is_extended) {
  MethodResult method = method_result("arc", arc::format_chain_status(arc.status), arc.reason);
  if (arc.status == arc::ChainStatus::pass) {
    add_property(method, "header", "oldest-pass", std::to_string(arc.oldest_pass));
  }
  if (client.address) {
    add_property(method, "smtp", "remote-ip", client.address->text());
  }
  if (is_extended && arc.status == arc::ChainStatus::pass) {
    add_property(method, "arc", "chain", chain_of(arc.sealers));
  }
  return method;
}

// What the author's record itself says.
void tell_record(const dmarc::Result& dmarc, MethodResult& method) {
  add_property(method, "polrec", format_policy_source(dmarc.policy_source),
               std::string(dmarc::format_policy(dmarc.published_policy)));
  if (dmarc.record_domain != dmarc.author_domain) {
    add_property(method, "polrec", "domain", printable_domain(dmarc.record_domain));
  }
}

// RFC 9989 §9.1: `header.from` and `policy.dmarc`, the policy that applies after all options.
MethodResult describe_dmarc(const dmarc::Result& dmarc,
                            const std::optional<findings::Override>& override, bool is_extended) {
  MethodResult method = method_result("dmarc", dmarc::format_result_code(dmarc.code), dmarc.reason);
  tell_override(override, method);
  add_property(method, "header", "from", printable_domain(dmarc.author_domain));
  const bool applies =
      dmarc.code == dmarc::ResultCode::pass || dmarc.code == dmarc::ResultCode::fail;
  if (applies && dmarc.record) {
    add_property(method, "policy", "dmarc", std::string(dmarc::format_policy(dmarc.policy)));
    if (is_extended) {
      tell_record(dmarc, method);
    }
  }
  return method;
}

}  // namespace

AuthenticationResults describe(const findings::Findings& findings,
                               const findings::Overrides& overrides, const std::string& authserv_id,
                               const DescribeOptions& options) {
  AuthenticationResults field{authserv_id, {}};
  std::vector<MethodResult>& methods = field.results;
  methods.reserve(usual_results);
  if (options.login && !findings.client.login.empty()) {
    MethodResult method = method_result("auth", "pass", "");
    add_property(method, "smtp", "auth", findings.client.login);
    methods.push_back(std::move(method));
  }
  if (findings.iprev) {
    methods.push_back(describe_iprev(*findings.iprev, findings.client));
    tell_override(overrides.iprev, methods.back());
  }
  if (findings.spf_helo) {
    methods.push_back(describe_spf(*findings.spf_helo));
  }
  // With the null sender both are of the HELO name (RFC 7208 §2.4): told once. So are two of no
  // name.
  const bool told = findings.spf_helo && (findings.envelope.sender.empty() ||
                                          (findings.spf_mail_from && are_nameless(findings)));
  if (findings.spf_mail_from && !told) {
    methods.push_back(describe_spf(*findings.spf_mail_from));
  }
  if (findings.spf_mail_from) {
    tell_override(overrides.spf, methods.back());
  }
  DescribedSignatures dkim = describe_dkim(findings);
  append(std::move(dkim.leading), methods);
  if (findings.arc_checked) {
    methods.push_back(describe_arc(findings.arc, findings.client, options.extended));
  }
  if (findings.dmarc) {
    methods.push_back(describe_dmarc(*findings.dmarc, overrides.dmarc, options.extended));
  }
  append(std::move(dkim.others), methods);
  return field;
}

}  // namespace sekisho::authres
