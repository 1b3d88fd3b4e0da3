// OpenDKIM 2.11: opendkim.conf(5), and what its program knows beyond its page.
#include "mail/ascii.hpp"
#include "migrate/conversion.hpp"
#include "migrate/fields.hpp"
#include "migrate/milter_options.hpp"
#include "migrate/opendkim_keys.hpp"
#include "migrate/opendkim_origin.hpp"

#include <algorithm>
#include <array>

namespace sekisho::migrate {

namespace {

void convert_mode(const Statement& statement, Conversion& conversion) {
  if (statement.value.find_first_not_of("sv") != std::string::npos) {
    conversion.draft().fail(statement, "neither s nor v nor sv");
    return;
  }
  const bool verifies = statement.value.contains('v');
  const std::string role = !verifies ? "outbound" : signs(conversion) ? "both" : "inbound";
  conversion.draft().set("role", quoted(role), statement);
  if (role == "outbound") {
    conversion.draft().note(
        NoteKind::by_hand, statement,
        "an outbound instance refuses mail of strangers: give its socket to the "
        "submission services alone, or say role = \"both\"");
  }
}

// Where it means something, add_domain() has used it.
void convert_sub_domains(const Statement& statement, Conversion& conversion) {
  const auto is_on = boolean_of(statement, conversion);
  const bool is_used =
      conversion.find("Domain") != nullptr && conversion.find("KeyTable") == nullptr;
  if (is_on && !(*is_on && is_used)) {
    conversion.draft().note(NoteKind::needless, statement,
                            *is_on ? "it goes with Domain, and there is a KeyTable or no Domain"
                                   : "a sub-domain is signed where it is named itself");
  }
}

// The keys are this user's, and a key that others could read would be refused.
void convert_owner_of_keys(const Statement& statement, Conversion& conversion) {
  conversion.draft().note(
      NoteKind::by_hand, statement,
      "the unit of systemd starts sekishod as the user sekisho, who has to own the key files "
      "(sekisho config check names them); "
      "where root starts it instead, set user");
}

void convert_signature_ttl(const Statement& statement, Conversion& conversion) {
  if (const auto ttl = number_of(statement, conversion)) {
    conversion.draft().set("signing.expiry", seconds(*ttl), statement);
  }
}

void convert_clock_drift(const Statement& statement, Conversion& conversion) {
  if (const auto drift = number_of(statement, conversion)) {
    conversion.draft().set("dkim.clock_drift", seconds(*drift), statement);
  }
}

void convert_minimum_key_bits(const Statement& statement, Conversion& conversion) {
  if (const auto bits = number_of(statement, conversion)) {
    conversion.draft().set("dkim.min_rsa_bits", std::to_string(*bits), statement);
  }
}

void convert_maximum_signatures(const Statement& statement, Conversion& conversion) {
  if (const auto count = number_of(statement, conversion)) {
    conversion.draft().set("dkim.max_signatures", std::to_string(*count), statement);
  }
}

void convert_multiple_signatures(const Statement& statement, Conversion& conversion) {
  if (const auto is_on = boolean_of(statement, conversion)) {
    conversion.draft().set("signing.multiple_signatures", *is_on ? "true" : "false", statement);
  }
}

void convert_safe_keys(const Statement& statement, Conversion& conversion) {
  if (const auto is_on = boolean_of(statement, conversion)) {
    conversion.draft().set("signing.allow_readable_keys", *is_on ? "false" : "true", statement);
  }
}

void convert_nameservers(const Statement& statement, Conversion& conversion) {
  std::vector<std::string> servers;
  for (const Member& member : parse_list(statement.value, statement.place).members) {
    servers.push_back(member.text);
  }
  conversion.draft().set("dns.nameservers", quoted(servers), statement);
}

// The algorithm follows from the key.
void convert_algorithm(const Statement& statement, Conversion& conversion) {
  const bool is_known = statement.value == "rsa-sha256" || statement.value == "ed25519-sha256";
  conversion.draft().note(is_known ? NoteKind::needless : NoteKind::lost, statement,
                          is_known ? "the algorithm follows from the key"
                                   : "RFC 8301 forbids all but rsa-sha256 and ed25519-sha256");
}

// Where each signature fails is another matter than where one of them does.
void convert_no_signature(const Statement& statement, Conversion& conversion) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> actions{
      {{"discard", "discard"},
       {"d", "discard"},
       {"quarantine", "hold"},
       {"q", "hold"},
       {"reject", "reject"},
       {"r", "reject"},
       {"tempfail", "tempfail"},
       {"t", "tempfail"}}};
  const std::string value = mail::to_lower(statement.value);
  if (value == "accept" || value == "a") {
    conversion.draft().note(NoteKind::needless, statement, "a message needs no signature");
    return;
  }
  const auto* const action =
      std::ranges::find(actions, value, &std::pair<std::string_view, std::string_view>::first);
  if (action == actions.end()) {
    conversion.draft().fail(statement, "no such action");
    return;
  }
  const std::vector<std::string> origin{format_origin(statement)};
  conversion.draft().add({"rule",
                          {{"name", quoted(statement.name), origin},
                           {"dkim", quoted(std::vector<std::string>{"none"}), origin},
                           {"action", quoted(std::string(action->second)), origin}}},
                         statement);
}

constexpr std::string_view on_bad =
    "a signature that fails is as if it were not there (RFC 6376 section 6.1); a [[rule]] with "
    "dkim = [\"fail\"] would also refuse where another signature passes";
constexpr std::string_view ldap = "tables are files; those of a directory have to be written out";
constexpr std::string_view lua =
    "there are no scripts; [[rule]] says what is to be let pass or not";
constexpr std::string_view vbr = "vouching (RFC 5518) is not looked at";
constexpr std::string_view atps = "third-party signatures (RFC 6541) are not looked at";
constexpr std::string_view statistics = "no statistics are written to a file";
constexpr std::string_view reports6651 =
    "reports are those of DMARC, [failure], and not of RFC 6651";
constexpr std::string_view partial = "signatures of ours always cover the whole body";
constexpr std::string_view one_line = "the log has one line for each message, with every result";

constexpr Row rows[] = {
    {"AllowSHA1Only", Fate::never, "there is always SHA-256"},
    {"AlwaysAddARHeader", Fate::always, "every message gets Authentication-Results"},
    {"ATPSDomains", Fate::lost, atps},
    {"ATPSHashAlgorithm", Fate::needless, atps},
    {"AuthservIDWithJobID", Fate::never, "authserv_id is the same for every message"},
    {"BodyLengthDB", Fate::lost, partial},
    {"BogusKey", Fate::lost, "a resolver that validates gives no answer then: temperror", nullptr,
     "fail"},
    {"Canonicalization", Fate::converted,
     "signing.header_canonicalization, signing.body_canonicalization", convert_canonicalization},
    {"CaptureUnknownErrors", Fate::never, "errors turn a message away for the time being"},
    {"ClockDrift", Fate::converted, "dkim.clock_drift", convert_clock_drift},
    {"DiagnosticDirectory", Fate::lost, "no files are written for diagnosis; see sekisho check"},
    {"Diagnostics", Fate::never, "signatures have no z="},
    {"DisableCryptoInit", Fate::needless, "OpenSSL 3 initialises itself"},
    {"DNSConnect", Fate::never, "TCP is used where an answer is truncated"},
    {"DNSTimeout", Fate::converted, "dns.timeout", convert_dns_timeout},
    {"Domain", Fate::converted, "sign.domain", convert_beside_key_file},
    {"DomainKeysCompat", Fate::never, "DomainKeys (RFC 4870) is historic"},
    {"DontSignMailTo", Fate::lost, "whether a message is signed does not depend on recipients"},
    {"ExemptDomains", Fate::lost, "every author's mail is verified; a [[rule]] says what follows"},
    {"ExternalIgnoreList", Fate::needless, "strangers who write in our name are not complained of"},
    {"FinalPolicyScript", Fate::lost, lua},
    {"FixCRLF", Fate::never, "the body is hashed as it is"},
    {"IdentityHeader", Fate::lost, "no field decides who signs but From"},
    {"IdentityHeaderRemove", Fate::never, "no field of a message of ours is removed"},
    {"IgnoreMalformedMail", Fate::never, "[policy] says what is done to it"},
    {"InternalHosts", Fate::converted, "signing.internal_networks", convert_internal_hosts},
    {"KeepAuthResults", Fate::never, "results in our name that came from outside are removed"},
    {"KeepTemporaryFiles", Fate::never, "there are no temporary files"},
    {"KeyFile", Fate::converted, "sign.key_file", convert_key_file},
    {"KeyTable", Fate::converted, "signing.key_table", convert_key_table},
    {"LDAPAuthMechanism", Fate::lost, ldap},
    {"LDAPAuthName", Fate::lost, ldap},
    {"LDAPAuthRealm", Fate::lost, ldap},
    {"LDAPAuthUser", Fate::lost, ldap},
    {"LDAPBindPassword", Fate::lost, ldap},
    {"LDAPBindUser", Fate::lost, ldap},
    {"LDAPDisableCache", Fate::needless, ldap},
    {"LDAPKeepaliveIdle", Fate::needless, ldap},
    {"LDAPKeepaliveInterval", Fate::needless, ldap},
    {"LDAPKeepaliveProbes", Fate::needless, ldap},
    {"LDAPTimeout", Fate::needless, ldap},
    {"LDAPUseTLS", Fate::needless, ldap},
    {"LogResults", Fate::always, one_line},
    {"LogWhy", Fate::always, one_line},
    {"MacroList", Fate::converted, "signing.daemons", convert_daemons},
    {"MaximumHeaders", Fate::converted, "limits.header_octets", convert_maximum_headers},
    {"MaximumSignaturesToVerify", Fate::converted, "dkim.max_signatures",
     convert_maximum_signatures},
    {"MaximumSignedBytes", Fate::lost, partial},
    {"Minimum", Fate::lost, "a signature that leaves a part of the body out does not pass at all"},
    {"MinimumKeyBits", Fate::converted, "dkim.min_rsa_bits", convert_minimum_key_bits},
    {"Mode", Fate::converted, "role", convert_mode},
    {"MTA", Fate::converted, "signing.daemons", convert_daemons},
    {"MTACommand", Fate::needless, reports6651},
    {"MultipleSignatures", Fate::converted, "signing.multiple_signatures",
     convert_multiple_signatures},
    {"MustBeSigned", Fate::lost, "a signature that leaves From out does not pass; of others none"},
    {"Nameservers", Fate::converted, "dns.nameservers", convert_nameservers},
    {"NoHeaderB", Fate::never, "header.b tells signatures apart (RFC 6008)"},
    {"OmitHeaders", Fate::converted, "signing.signed_fields", convert_omit_headers},
    {"On-BadSignature", Fate::lost, on_bad, nullptr, "accept|a"},
    {"On-Default", Fate::lost, on_bad, nullptr, "accept|a"},
    {"On-DNSError", Fate::lost,
     "policy.on_temperror turns mail away where the missing answer hides a refusal", nullptr,
     "tempfail|t"},
    {"On-InternalError", Fate::lost,
     "an error of Sekisho's turns a message away for the time being", nullptr, "tempfail|t"},
    {"On-KeyNotFound", Fate::lost, on_bad, nullptr, "accept|a"},
    {"On-NoSignature", Fate::converted, "rule.dkim", convert_no_signature},
    {"On-PolicyError", Fate::lost, "ADSP (RFC 5617) is historic", nullptr, "accept|a"},
    {"On-Security", Fate::lost, "[policy] says what is done to mail that cannot be judged", nullptr,
     "tempfail|t"},
    {"On-SignatureError", Fate::lost,
     "a message that cannot be signed leaves unsigned, and the log says why", nullptr, "accept|a"},
    {"OversignHeaders", Fate::converted, "signing.oversigned_fields", convert_oversign_headers},
    {"PeerList", Fate::lost,
     "their mail is verified and marked, too; a [[rule]] with client lets it in"},
    {"POPDBFile", Fate::lost, "who may have mail signed logs in, or is in internal_networks"},
    {"Quarantine", Fate::never, on_bad},
    {"QueryCache", Fate::always, "answers of the DNS are kept, [dns] says how long"},
    {"RedirectFailuresTo", Fate::lost, "no mail is sent elsewhere"},
    {"RemoveARAll", Fate::always, "all results in our name that came from outside are removed"},
    {"RemoveARFrom", Fate::lost, "only results under authserv_id are removed"},
    {"RemoveOldSignatures", Fate::never, "signatures of others stay"},
    {"ReplaceHeaders", Fate::lost, "what is signed is what the MTA shows"},
    {"ReplaceRules", Fate::lost, "what is signed is what the MTA shows"},
    {"ReportAddress", Fate::needless, reports6651},
    {"ReportBccAddress", Fate::needless, reports6651},
    {"RequestReports", Fate::never, reports6651},
    {"RequiredHeaders", Fate::converted,
     "policy.multiple_from, policy.no_from, policy.unparsable_from", convert_required_headers},
    {"RequireSafeKeys", Fate::converted, "signing.allow_readable_keys", convert_safe_keys},
    {"ResignAll", Fate::needless, "[arc] seals what is passed on"},
    {"ResignMailTo", Fate::lost, "[arc] seals what is passed on"},
    {"ResolverConfiguration", Fate::lost, "[dns] has what the resolver can be told"},
    {"ResolverTracing", Fate::never, "the resolver is not traced"},
    {"ScreenPolicyScript", Fate::lost, lua},
    {"SelectCanonicalizationHeader", Fate::lost, "no field of a message chooses how it is signed"},
    {"Selector", Fate::converted, "sign.selector", convert_beside_key_file},
    {"SenderHeaders", Fate::lost, "the author in From decides, as for DMARC", nullptr, "From"},
    {"SenderMacro", Fate::lost, "the author in From decides, as for DMARC"},
    {"SendReports", Fate::never, reports6651},
    {"SetupPolicyScript", Fate::lost, lua},
    {"SignatureAlgorithm", Fate::converted, "sign.key_file", convert_algorithm},
    {"SignatureTTL", Fate::converted, "signing.expiry", convert_signature_ttl},
    {"SignHeaders", Fate::converted, "signing.signed_fields", convert_sign_headers},
    {"SigningTable", Fate::converted, "signing.signing_table", convert_signing_table},
    {"SMTPURI", Fate::needless, reports6651},
    {"SoftStart", Fate::needless, ldap},
    {"Statistics", Fate::lost, statistics},
    {"StatisticsName", Fate::needless, statistics},
    {"StatisticsPolicyScript", Fate::lost, statistics},
    {"StatisticsPrefix", Fate::needless, statistics},
    {"StrictHeaders", Fate::converted,
     "policy.multiple_from, policy.no_from, policy.unparsable_from", convert_required_headers},
    {"StrictTestMode", Fate::needless, "it is for tests; see sekisho check"},
    {"SubDomains", Fate::converted, "sign.signing_domain", convert_sub_domains},
    {"SyslogName", Fate::lost, "the log calls the daemon sekishod"},
    {"SyslogSuccess", Fate::always, one_line},
    {"TestDNSData", Fate::lost, "sekisho check --zone takes the DNS from a file"},
    {"TestPublicKeys", Fate::lost, "sekisho check --zone takes the DNS from a file"},
    {"TrustAnchorFile", Fate::needless,
     "DNSSEC is the resolver's to check; dns.trust_ad takes its word"},
    {"TrustSignaturesFrom", Fate::lost, "DMARC counts signatures of the author's own domain alone"},
    {"UnprotectedKey", Fate::lost, "keys need no DNSSEC", nullptr, "none"},
    {"UserID", Fate::converted, "user", convert_owner_of_keys},
    {"VBR-Certifiers", Fate::lost, vbr},
    {"VBR-PurgeFields", Fate::never, vbr},
    {"VBR-TrustedCertifiers", Fate::lost, vbr},
    {"VBR-TrustedCertifiersOnly", Fate::needless, vbr},
    {"VBR-Type", Fate::lost, vbr},
    {"WeakSyntaxChecks", Fate::never, "a From field that cannot be read passes nothing"},
};

}  // namespace

const Program& opendkim() {
  static const std::string fields = default_signed_fields();
  static const Default defaults[] = {
      {"signing.header_canonicalization", "\"simple\"", "OpenDKIM's default of Canonicalization"},
      {"signing.body_canonicalization", "\"simple\"", "OpenDKIM's default of Canonicalization"},
      {"signing.expiry", "\"0s\"", "OpenDKIM's default of SignatureTTL"},
      {"signing.signed_fields", fields, "OpenDKIM's default of SignHeaders"},
      {"signing.always_signed", "[]", "OpenDKIM signs From and the fields of SignHeaders alone"},
      {"signing.oversigned_fields", "[]", "OpenDKIM's default of OversignHeaders"},
      {"signing.daemons", "[]", "OpenDKIM's default of MTA"},
      {"signing.require_published", "false",
       "OpenDKIM does not ask whether its keys are published"},
      {"dkim.max_signatures", "3", "OpenDKIM's default of MaximumSignaturesToVerify"},
      {"limits.header_octets", "65536", "OpenDKIM's default of MaximumHeaders"},
  };
  static const Program program{
      .name = "OpenDKIM",
      .notation = Notation::words,
      .rows = rows,
      .shared_rows = milter_rows(),
      .defaults = defaults,
      .farewell = "stop OpenDKIM once Sekisho runs, since two that sign do it twice"};
  return program;
}

}  // namespace sekisho::migrate
