// OpenARC: openarc.conf(5) of its versions 0.1 to 1.0, and what its program knows beyond its page.
#include "migrate/conversion.hpp"
#include "migrate/milter_options.hpp"

namespace sekisho::migrate {

namespace {

bool seals(const Conversion& conversion) {
  const std::string mode = conversion.value_of("Mode", "sv");
  return mode.contains('s');
}

// The key, and with it everything that a seal needs.
void convert_key_file(const Statement& statement, Conversion& conversion) {
  const Statement* const domain = conversion.find("Domain");
  const Statement* const selector = conversion.find("Selector");
  Draft& draft = conversion.draft();
  if (!seals(conversion)) {
    draft.note(NoteKind::needless, statement, "nothing is sealed in this Mode");
    return;
  }
  if (domain == nullptr || selector == nullptr) {
    draft.note(NoteKind::lost, statement, "nothing is sealed without Domain and Selector");
    return;
  }
  draft.set("arc.domain", quoted(domain->value), *domain);
  draft.set("arc.selector", quoted(selector->value), *selector);
  draft.set("arc.key_file", quoted(conversion.path(statement.value)), statement);
  draft.set("arc.seal", quoted(std::string("always")), statement);
  draft.note(NoteKind::by_hand, statement,
             "every message from outside is sealed, as before; arc.seal = \"forwarded\" with "
             "arc.local_domains seals only what is passed on");
}

void convert_beside_key_file(const Statement& statement, Conversion& conversion) {
  if (conversion.find("KeyFile") == nullptr) {
    conversion.draft().note(NoteKind::lost, statement, "nothing is sealed without KeyFile");
  }
}

void convert_mode(const Statement& statement, Conversion& conversion) {
  if (statement.value.find_first_not_of("sv") != std::string::npos) {
    conversion.draft().fail(statement, "neither s nor v nor sv");
  } else if (!statement.value.contains('v')) {
    conversion.draft().note(NoteKind::lost, statement, "chains from outside are always validated");
  } else {
    conversion.draft().note(NoteKind::needless, statement,
                            "chains are always validated, and arc.seal says what is sealed");
  }
}

constexpr std::string_view canonical = "a seal is canonicalised as signatures of ours are";
constexpr std::string_view fields = "a seal covers the fields that signatures of ours do";

constexpr Row rows[] = {
    {"AuthResIP", Fate::always, "smtp.remote-ip is in every result of ours"},
    {"Canonicalization", Fate::lost, canonical},
    {"Domain", Fate::converted, "arc.domain", convert_beside_key_file},
    {"DomainWhitelist", Fate::lost, "arc.trusted_sealers names whose chains override DMARC"},
    {"DomainWhitelistFile", Fate::lost, "arc.trusted_sealers names whose chains override DMARC"},
    {"FinalReceiver", Fate::lost, "nothing is left out for being the last; see arc.seal"},
    {"FixedTimestamp", Fate::lost, "sekisho seal --now is there for tests"},
    {"InternalHosts", Fate::lost,
     "signing.internal_networks are the one list of hosts that are ours", nullptr, "127.0.0.1"},
    {"KeepTemporaryFiles", Fate::never, "there are no temporary files"},
    {"KeyFile", Fate::converted, "arc.seal, arc.key_file", convert_key_file},
    {"MaximumHeaders", Fate::converted, "limits.header_octets", convert_maximum_headers},
    {"MinimumKeySizeRSA", Fate::lost, "dkim.min_rsa_bits is the bound of all keys"},
    {"Mode", Fate::converted, "arc.seal", convert_mode},
    {"OversignHeaders", Fate::lost, fields},
    {"PeerList", Fate::lost, "chains of all clients are validated, and sealed alike"},
    {"PermitAuthenticationOverrides", Fate::lost,
     "results that others wrote into the message are not believed"},
    {"RequireSafeKeys", Fate::always, "a key that others can read is refused"},
    {"SealHeaderChecks", Fate::lost, "what is sealed depends on the recipient alone; see arc.seal"},
    {"Selector", Fate::converted, "arc.selector", convert_beside_key_file},
    {"SignatureAlgorithm", Fate::lost, "a seal is always rsa-sha256", nullptr, "rsa-sha256"},
    {"SignatureTTL", Fate::lost, "a seal has no end"},
    {"SignHeaders", Fate::lost, fields},
    {"TestKeys", Fate::lost, "sekisho check --zone takes the DNS from a file"},
    {"UserID", Fate::converted, "user", convert_user},
};

}  // namespace

const Program& openarc() {
  static const Program program{
      .name = "OpenARC",
      .notation = Notation::words,
      .rows = rows,
      .shared_rows = milter_rows(),
      .defaults = {},
      .farewell = "stop OpenARC, and take its socket out of the MTA's configuration"};
  return program;
}

}  // namespace sekisho::migrate
