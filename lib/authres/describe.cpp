#include "authres/describe.hpp"

#include "authres/scanner.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::authres {

namespace {

constexpr std::size_t usual_results = 8;

void add_property(MethodResult& method, const char* type, const char* name, std::string value) {
  if (!value.empty()) {
    method.properties.push_back({type, name, std::move(value)});
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
    method.reason = printable_reason(override->type + ": " + override->comment, max_override);
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
// Signatures that are the same cannot be told apart.
std::string identifying_part(const std::string& signature,
                             const std::set<std::string>& all_signatures) {
  constexpr std::size_t at_least = 8;
  std::size_t length = at_least;
  const auto self = all_signatures.find(signature);
  if (self != all_signatures.begin()) {
    length = std::max(length, common_prefix(signature, *std::prev(self)) + 1);
  }
  if (const auto next = std::next(self); next != all_signatures.end()) {
    length = std::max(length, common_prefix(signature, *next) + 1);
  }
  return signature.substr(0, length);
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

// The signatures to be told, in their order: never one that passes left out for one that does not.
std::vector<const dkim::Result*> chosen_signatures(const std::vector<dkim::Result>& results) {
  const auto passes = [](const dkim::Result& result) {
    return result.code == dkim::ResultCode::pass;
  };
  const auto passing = static_cast<std::size_t>(std::ranges::count_if(results, passes));
  std::size_t room_for_passing = std::min(passing, max_described_signatures);
  std::size_t room_for_others = max_described_signatures - room_for_passing;
  std::vector<const dkim::Result*> chosen;
  for (const dkim::Result& result : results) {
    std::size_t& room = passes(result) ? room_for_passing : room_for_others;
    if (room > 0) {
      --room;
      chosen.push_back(&result);
    }
  }
  return chosen;
}

void describe_dkim(const std::vector<dkim::Result>& results, std::vector<MethodResult>& methods) {
  if (results.empty()) {
    methods.push_back(method_result("dkim", "none", ""));
    return;
  }
  const std::vector<const dkim::Result*> chosen = chosen_signatures(results);
  std::set<std::string> signatures;
  for (const dkim::Result* result : chosen) {
    signatures.insert(result->signature);
  }
  for (const dkim::Result* result : chosen) {
    methods.push_back(describe_signature(*result, signatures));
  }
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
MethodResult describe_arc(const arc::ChainResult& arc, const findings::Client& client) {
  MethodResult method = method_result("arc", arc::format_chain_status(arc.status), arc.reason);
  if (arc.status == arc::ChainStatus::pass) {
    add_property(method, "header", "oldest-pass", std::to_string(arc.oldest_pass));
  }
  if (client.address) {
    add_property(method, "smtp", "remote-ip", client.address->text());
  }
  if (arc.status == arc::ChainStatus::pass) {
    add_property(method, "arc", "chain", chain_of(arc.sealers));
  }
  return method;
}

const char* name_of(dmarc::PolicySource source) {
  switch (source) {
    case dmarc::PolicySource::p:
      return "p";
    case dmarc::PolicySource::sp:
      return "sp";
    case dmarc::PolicySource::np:
      return "np";
  }
  std::unreachable();
}

// RFC 9989 §9.1: `header.from` and `policy.dmarc`, the policy that applies after all options. What
// the record itself says stands in `polrec.*`, which readers that do not know it pass over (RFC
// 8601 §2.3).
MethodResult describe_dmarc(const dmarc::Result& dmarc,
                            const std::optional<findings::Override>& override) {
  MethodResult method = method_result("dmarc", dmarc::format_result_code(dmarc.code), dmarc.reason);
  tell_override(override, method);
  add_property(method, "header", "from", printable_domain(dmarc.author_domain));
  const bool applies =
      dmarc.code == dmarc::ResultCode::pass || dmarc.code == dmarc::ResultCode::fail;
  if (applies && dmarc.record) {
    add_property(method, "policy", "dmarc", std::string(dmarc::format_policy(dmarc.policy)));
    add_property(method, "polrec", name_of(dmarc.policy_source),
                 std::string(dmarc::format_policy(dmarc.published_policy)));
    if (dmarc.record_domain != dmarc.author_domain) {
      add_property(method, "polrec", "domain", printable_domain(dmarc.record_domain));
    }
  }
  return method;
}

}  // namespace

AuthenticationResults describe(const findings::Findings& findings, const std::string& authserv_id,
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
    tell_override(findings.iprev_override, methods.back());
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
    tell_override(findings.spf_override, methods.back());
  }
  if (findings.dkim_checked) {
    describe_dkim(findings.dkim, methods);
  }
  if (findings.arc_checked) {
    methods.push_back(describe_arc(findings.arc, findings.client));
  }
  if (findings.dmarc) {
    methods.push_back(describe_dmarc(*findings.dmarc, findings.dmarc_override));
  }
  return field;
}

}  // namespace sekisho::authres
