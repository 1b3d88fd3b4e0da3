#include "migrate/migrate.hpp"

#include "migrate/sources.hpp"

#include <filesystem>
#include <fstream>
#include <ranges>
#include <sstream>

#include <catch2/catch.hpp>

namespace sekisho::migrate {

namespace {

const std::string data = SEKISHO_TEST_DATA "/migrate/";

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// /etc is the folder of the example, so that its files are named as they would be.
ReadFile reader_below(const std::string& folder) {
  return [folder](const std::string& path) -> std::expected<std::string, std::string> {
    const std::string real = path.starts_with("/etc/") ? folder + path.substr(4) : path;
    if (path == "/usr/share/publicsuffix/public_suffix_list.dat") {
      return "com\n";
    }
    if (!std::filesystem::exists(real)) {
      return std::unexpected("No such file or directory");
    }
    return text_of(real);
  };
}

std::string source(const std::string& folder, const char* name) {
  return std::filesystem::exists(folder + "/" + name) ? "/etc/" + std::string(name) : "";
}

std::string listed(const std::vector<Note>& notes) {
  std::string text;
  for (const Note& note : notes) {
    text += format(note) + ": " + note.text + "\n";
  }
  return text;
}

}  // namespace

namespace {

// What opendkim signs by default, as its signatures show, without one field and with another.
std::string usual(const std::string& removed, const std::string& added = "") {
  std::string list;
  for (const char* name : {"From",
                           "Reply-To",
                           "Subject",
                           "Date",
                           "To",
                           "Cc",
                           "Resent-Date",
                           "Resent-From",
                           "Resent-Sender",
                           "Resent-To",
                           "Resent-Cc",
                           "In-Reply-To",
                           "References",
                           "List-Id",
                           "List-Help",
                           "List-Unsubscribe",
                           "List-Subscribe",
                           "List-Post",
                           "List-Owner",
                           "List-Archive"}) {
    if (name != removed) {
      list += (list.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
  }
  return "[" + list + (added.empty() ? "" : ", \"" + added + "\"") + "]";
}

}  // namespace

TEST_CASE("whole configurations become what they are expected to") {
  const std::string name = GENERATE("debian", "howto");
  CAPTURE(name);
  const std::string folder = data + name;
  const Sources sources{source(folder, "opendkim.conf"),
                        source(folder, "default-opendkim"),
                        source(folder, "opendmarc.conf"),
                        source(folder, "openarc.conf"),
                        source(folder, "policyd-spf.conf"),
                        "",
                        true};
  const auto migration = migrate(sources, reader_below(folder));
  REQUIRE(migration);
  CHECK(migration->toml == text_of(folder + "/expected.toml"));
  CHECK(listed(migration->notes) == text_of(folder + "/expected.notes"));
}

TEST_CASE("OpenDKIM's options") {
  struct Case {
    std::string conf;
    std::string line;  // of the result
  };
  const Case cases[] = {
      {"Socket inet:8891", "socket = \"inet:8891@0.0.0.0\""},
      {"Socket inet6:8891@[::1]", "socket = \"inet6:8891@::1\""},
      {"Socket inet:8891@[127.0.0.1]", "socket = \"inet:8891@127.0.0.1\""},
      {"Socket local:/run/opendkim/x", "socket = \"unix:/run/sekisho/sekisho.sock\""},
      {"UMask 007\nSocket /run/opendkim/x", "socket_mode = \"0660\""},
      {"Canonicalization relaxed", "body_canonicalization = \"simple\""},
      {"Canonicalization Simple/Relaxed", "body_canonicalization = \"relaxed\""},
      {"Syslog no", "header_canonicalization = \"simple\""},
      {"SignatureTTL 3600", "expiry = \"3600s\""},
      {"ClockDrift 60", "clock_drift = \"60s\""},
      {"MaximumHeaders 131072", "header_octets = 131072"},
      {"MaximumSignaturesToVerify 7", "max_signatures = 7"},
      {"MinimumKeyBits 2048", "min_rsa_bits = 2048"},
      {"MTA MSA, SUBMISSION", "daemons = [\"MSA\", \"SUBMISSION\"]"},
      {"MacroList daemon_name=ORIGINATING", "daemons = [\"ORIGINATING\"]"},
      {"MacroList daemon_name=ORIGINATING|MSA", "daemons = [\"ORIGINATING\", \"MSA\"]"},
      {"MacroList csl:daemon_name=A,auth_type", "daemons = [\"A\"]"},
      {"MacroList daemon_name = A, auth_type", "daemons = [\"A\"]"},
      {"MacroList daemon_name=A,daemon_name=B", "daemons = [\"A\", \"B\"]"},
      {"MTA A\nMacroList daemon_name=B", "daemons = [\"B\"]"},
      {"MTA A\nMacroList auth_type", "daemons = [\"A\"]"},
      {"Nameservers 192.0.2.53,192.0.2.54", "nameservers = [\"192.0.2.53\", \"192.0.2.54\"]"},
      {"MultipleSignatures yes", "multiple_signatures = true"},
      {"RequireSafeKeys No", "allow_readable_keys = true"},
      {"InternalHosts 192.0.2.0/24", "internal_networks = [\"192.0.2.0/24\"]"},
      {"InternalHosts [2001:db8::]/32,[192.0.2.1]",
       "internal_networks = [\"2001:db8::/32\", \"192.0.2.1/32\"]"},
      {"SignHeaders From, To", "signed_fields = [\"From\", \"To\"]"},
      {"SignHeaders To", "signed_fields = [\"From\", \"To\"]"},
      {"SignHeaders .", "signed_fields = [\"From\", \".\"]"},
      {"SignHeaders From,To", "always_signed = []"},
      {"Syslog no", "signed_fields = " + usual("")},
      {"SignHeaders *,X-Foo", "signed_fields = " + usual("")},
      {"SignHeaders *,+X-Foo,-Subject", "signed_fields = " + usual("Subject", "X-Foo")},
      {"SignHeaders *,-From", "signed_fields = " + usual("")},
      {"OmitHeaders To", "signed_fields = " + usual("To")},
      {"OmitHeaders *,+To", "signed_fields = " + usual("To")},
      {"Mode v", "role = \"inbound\""},
      {"Mode s", "role = \"outbound\""},
      {"Mode sv", "role = \"both\""},
      {"Domain *\nSelector s\nKeyFile /k", "domain = \"*\""},
      {"OversignHeaders From,Subject", "oversigned_fields = [\"From\", \"Subject\"]"},
      {"RequiredHeaders yes", "no_from = \"reject\""},
      {"AuthservID mx.example.org", "authserv_id = \"mx.example.org\""},
      {"authservid one\nAUTHSERVID two", "authserv_id = \"two\""},
      {"On-NoSignature d", "action = \"discard\""},
      {"Domain A.example\nSelector s\nKeyFile /k", "domain = \"a.example\""},
      {"Domain a.example\nSelector s\nKeyFile k\nBaseDirectory /b", "key_file = \"/b/k\""},
      {"Domain a.example\nSelector s\nKeyFile /k\nSubDomains yes", "domain = \".a.example\""},
      {"Domain a.example\nSelector s\nKeyFile /k\nSubDomains yes",
       "signing_domain = \"a.example\""},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.conf << " / " << one.line) {
      const Migration migration = converted({{"opendkim", one.conf}});
      CAPTURE(migration.toml);
      CHECK(has_line(migration, one.line));
    }
  }
}

TEST_CASE("what of OpenDKIM has no counterpart is told") {
  struct Case {
    std::string conf;
    std::string note;
  };
  const Case cases[] = {
      {"Zeal 1", "lost opendkim:1: Zeal"},
      {"AllowSHA1Only yes", "lost opendkim:1: AllowSHA1Only"},
      {"AllowSHA1Only no", "needless opendkim:1: AllowSHA1Only"},
      {"AlwaysAddARHeader no", "lost opendkim:1: AlwaysAddARHeader"},
      {"AlwaysAddARHeader 1", "needless opendkim:1: AlwaysAddARHeader"},
      {"On-BadSignature Accept", "needless opendkim:1: On-BadSignature"},
      {"On-BadSignature reject", "lost opendkim:1: On-BadSignature"},
      {"SignatureAlgorithm rsa-sha1", "lost opendkim:1: SignatureAlgorithm"},
      {"MinimumKeyBits 512", "lost opendkim:1: MinimumKeyBits"},
      {"DNSTimeout 0", "lost opendkim:1: DNSTimeout"},
      {"Socket inet:8891@mail.example.org", "lost opendkim:1: Socket"},
      {"KeyTable dsn:mysql://u:p@h/d", "lost opendkim:1: KeyTable"},
      {"KeyFile /k", "lost opendkim:1: KeyFile"},
      {"Domain a.example", "lost opendkim:1: Domain"},
      {"InternalHosts mx.example.org", "lost opendkim:1: InternalHosts"},
      {"InternalHosts 0.0.0.0/0", "lost opendkim:1: InternalHosts"},
      {"MacroList auth_type", "needless opendkim:1: MacroList"},
      {"MacroList x=y", "lost opendkim:1: MacroList"},
      {"MacroList daemon_name", "lost opendkim:1: MacroList"},
      {"MacroList daemon_name|A", "needless opendkim:1: MacroList"},
      {"MacroList {daemon_name}=A", "needless opendkim:1: MacroList"},
      {"MTA A\nMacroList daemon_name=B", "needless opendkim:1: MTA"},
      {"SignHeaders *,X-Foo", "needless opendkim:1: SignHeaders"},
      {"SignHeaders From,X-*", "lost opendkim:1: SignHeaders"},
      {"Domain *\nSelector s\nKeyFile /k", "by_hand opendkim:1: Domain"},
      {"Domain *.a.example\nSelector s\nKeyFile /k", "lost opendkim:1: Domain"},
      {"Mode v\nSelector s", "needless opendkim:2: Selector"},
      {"Mode v\nDomain a.example\nSelector s\nKeyFile /k", "needless opendkim:2: Domain"},
      {"UMask 022\nSocket /run/x", "by_hand opendkim:1: UMask"},
      {"UMask 022\nSocket inet:1@localhost", "needless opendkim:1: UMask"},
      {"SignHeaders From,Received", "lost opendkim:1: SignHeaders"},
      {"OmitHeaders Bcc", "needless opendkim:1: OmitHeaders"},
      {"PeerList 192.0.2.7", "lost opendkim:1: PeerList"},
      {"UserID opendkim", "by_hand opendkim:1: UserID"},
      {"Mode v\nKeyFile /k", "needless opendkim:2: KeyFile"},
      {"Mode v\nKeyTable dsn:mysql://u:p@h/d", "needless opendkim:2: KeyTable"},
      {"AuthservID a\nAuthservID b", "needless opendkim:1: AuthservID"},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.conf) {
      const Migration migration = converted({{"opendkim", one.conf}});
      CAPTURE(listed(migration.notes));
      CHECK(has_note(migration, one.note));
    }
  }
}

TEST_CASE("every line of a configuration is in the result or in a note") {
  const std::string conf =
      "Mode v\nDomain a.example\nSelector s\nKeyFile /k\nUMask 022\nSocket inet:1@localhost\n"
      "SubDomains yes\nMTA A\nMacroList daemon_name=B\nOmitHeaders Bcc\nSignatureAlgorithm "
      "rsa-sha256\nRequireSafeKeys no\nKeyTable /t\nSigningTable /t\nInternalHosts 192.0.2.1\n";
  const std::string more = "UMask 002\nSocket local:/run/x\nSyslog no\nUserID x\n";
  const Migration migration =
      converted({{"opendkim", conf}, {"opendmarc", more}, {"/t", "a b:c:/k\n"}});
  std::size_t number = 1;
  for (const auto& [file, text] : {std::pair("opendkim", conf), std::pair("opendmarc", more)}) {
    number = 1;
    for (const auto& line : std::views::split(text, '\n')) {
      if (line.empty()) {
        continue;
      }
      const std::string place = std::string(file) + ":" + std::to_string(number++) + ":";
      CAPTURE(place, std::string(std::string_view(line)));
      CHECK((migration.toml.contains(place) || listed(migration.notes).contains(place)));
    }
  }
}

TEST_CASE("a host without a syslog keeps standard error") {
  Sources sources;
  sources.opendkim = "opendkim";
  sources.has_syslog = false;
  const auto migration = migrate(sources, reader_of({{"opendkim", "Syslog yes\n"}}));
  REQUIRE(migration);
  CHECK_FALSE(migration->toml.contains("log_target"));
  CHECK(has_note(*migration, "by_hand opendkim:1: Syslog"));
}

TEST_CASE("a password is not repeated") {
  const Migration migration = converted({{"opendkim", "LDAPBindPassword hunter2\n"}});
  CHECK(has_note(migration, "lost opendkim:1: LDAPBindPassword"));
  CHECK_FALSE(listed(migration.notes).contains("hunter2"));
  CHECK_FALSE(migration.toml.contains("hunter2"));
}

TEST_CASE("tables in a database are told to be, both of them") {
  const Migration migration =
      converted({{"opendkim", "KeyTable dsn:pgsql://u:p@h/d\nSigningTable dsn:pgsql://u:p@h/d\n"}});
  const auto is_told = [](const Note& note) {
    return note.option.ends_with("Table") && note.text.starts_with("only file:, refile: and csl:");
  };
  CHECK(std::ranges::count_if(migration.notes, is_told) == 2);
}

TEST_CASE("tables are named as they are, and lines without effect are told") {
  const Migration migration = converted(
      {{"opendkim", "BaseDirectory /etc/dkim\nKeyTable file:keys\nSigningTable refile:who\n"},
       {"/etc/dkim/keys", "a example.org:s:/k.pem\nb nonsense\n"},
       {"/etc/dkim/who", "*@example.org a\nc\n"}});
  CHECK(migration.options.signing.keys.key_table == "file:/etc/dkim/keys");
  CHECK(migration.options.signing.keys.signing_table == "refile:/etc/dkim/who");
  CHECK(has_note(migration, "lost /etc/dkim/keys:2: KeyTable"));
  CHECK(has_note(migration, "lost /etc/dkim/who:2: SigningTable"));
}

TEST_CASE("what is wrong in the old configuration stops it, with file and line") {
  struct Case {
    std::string conf;
    std::string problem;
  };
  const Case cases[] = {
      {"Syslog maybe", "opendkim:1: Syslog: neither yes nor no"},
      {"\nDNSTimeout 5s", "opendkim:2: DNSTimeout: not a whole number"},
      {"DNSTimeout 99999999999999999999", "opendkim:1: DNSTimeout: not a whole number"},
      {"Mode x", "opendkim:1: Mode: neither s nor v nor sv"},
      {"Socket nowhere",
       "opendkim:1: Socket: neither local:PATH nor inet:PORT@HOST nor inet6:PORT@HOST"},
      {"On-NoSignature laugh", "opendkim:1: On-NoSignature: no such action"},
      {"InternalHosts /none", "opendkim:1: InternalHosts: /none: No such file or directory"},
      {"Domain", "opendkim:1: Domain: it has no value"},
      {"KeyTable /none\nSigningTable a=b",
       "opendkim:1: KeyTable: /none: No such file or directory"},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.conf) {
      const auto migration = convert({{"opendkim", one.conf}});
      REQUIRE_FALSE(migration);
      CHECK(migration.error() == Problems{one.problem});
    }
  }
}

TEST_CASE("OpenDMARC's options") {
  struct Case {
    std::string conf;
    std::string line;
  };
  const Case cases[] = {
      {"Syslog no", "on_reject = \"mark\""},
      {"RejectFailures true", "on_reject = \"reject\""},
      {"RejectFailures true # strict", "on_temperror = \"tempfail\""},
      {"HoldQuarantinedMessages 1", "on_quarantine = \"hold\""},
      {"RejectMultiValueFrom true", "multiple_authors = \"reject\""},
      {"RequiredHeaders yes", "multiple_from = \"reject\""},
      {"PublicSuffixList /psl", "discovery = \"psl\""},
      {"RejectString no %s here", "reply = [\"{what}\", \"no {domain} here\"]"},
      {"FailureReports true", "enabled = true"},
      {"HistoryFile /h", "store = \"/var/lib/sekisho/feedback.db\""},
      {"IgnoreHosts /networks", "client = [\"file:/networks\"]"},
      {"IgnoreHosts /hosts", "client = [\"192.0.2.0/24\"]"},
      {"IgnoreHosts /hosts # and", "client_name = [\"mx.example.org\"]"},
      {"IgnoreMailFrom example.com,example.net", "author = [\"example.com\", \"example.net\"]"},
      {"DomainWhitelist lists.example\nDomainWhitelistFile /sealers",
       "trusted_sealers = [\"lists.example\", \"relay.example\"]"},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.conf) {
      const Migration migration = converted({{"opendmarc", one.conf},
                                             {"/psl", "com\n"},
                                             {"/networks", "# a\n192.0.2.0/24\n::1 # b\n"},
                                             {"/hosts", "192.0.2.0/24\nmx.example.org\n"},
                                             {"/sealers", "relay.example\n"}});
      CAPTURE(migration.toml);
      CHECK(has_line(migration, one.line));
    }
  }
}

TEST_CASE("OpenARC seals with its key") {
  const Migration migration = converted(
      {{"openarc",
        "Mode s\nDomain example.org\nSelector a\nKeyFile /k\nAuthservID mx.example.org\n"}});
  CHECK(migration.options.arc.seal == checkpoint::Seal::always);
  CHECK(migration.options.arc.domain == "example.org");
  CHECK(migration.options.arc.selector == "a");
  CHECK(migration.options.arc.key_file == "/k");
  CHECK(has_note(migration, "lost openarc:1: Mode"));
  const Migration verifying =
      converted({{"openarc", "Mode v\nDomain example.org\nSelector a\nKeyFile /k\n"}});
  CHECK(verifying.options.arc.seal == checkpoint::Seal::never);
}

TEST_CASE("policyd-spf's options") {
  struct Case {
    std::string conf;
    std::string line;
  };
  const Case cases[] = {
      {"debugLevel = 1", "spf_on_fail = \"reject\""},
      {"debugLevel = 0", "header_received_spf = true"},
      {"TestOnly = 0\nMail_From_reject = Fail", "spf_on_fail = \"mark\""},
      {"Mail_From_reject = False", "spf_on_fail = \"mark\""},
      {"Mail_From_reject = Softfail", "spf_on_softfail = \"reject\""},
      {"Mail_From_reject = SPF_Not_Pass", "spf = [\"neutral\"]"},
      {"PermError_reject = True", "spf_on_permerror = \"reject\""},
      {"TempError_Defer = True", "action = \"tempfail\""},
      {"Mail_From_reject = False\nHELO_reject = Null", "sender = [\"<>\"]"},
      {"Whitelist = 192.0.2.0/31,198.51.100.0/30",
       "client = [\"198.51.100.0/30\", \"192.0.2.0/31\"]"},
      {"skip_addresses = 127.0.0.0/8,10.0.0.0/8", "client = [\"10.0.0.0/8\"]"},
      {"HELO_Whitelist = mx.example.org", "client_name = [\"mx.example.org\"]"},
      {"Domain_Whitelist_PTR = example.org", "client_name = [\"example.org\", \".example.org\"]"},
      {"Reject_Not_Pass_Domains = example.com", "sender = [\"example.com\"]"},
      {"Header_Type = AR", "header_received_spf = false"},
      {"Header_Type = AR\nAuthserv_Id = mx.example.org", "authserv_id = \"mx.example.org\""},
      {"Void_Limit = 1", "void_lookup_limit = 1"},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.conf) {
      const Migration migration = converted({{"policyd", one.conf}});
      CAPTURE(migration.toml);
      CHECK(has_line(migration, one.line));
    }
  }
}

TEST_CASE("one socket is left, and --socket comes before all") {
  const Files files{{"opendkim", "Socket inet:1@localhost"},
                    {"opendmarc", "Socket inet:2@localhost"}};
  const Migration migration = converted(files);
  CHECK(migration.options.socket == "inet:1@localhost");
  CHECK(has_note(migration, "needless opendmarc:1: Socket"));
  Sources sources{.opendkim = "opendkim", .opendmarc = "opendmarc"};
  sources.socket = "inet:3@127.0.0.1";
  const auto asked = migrate(sources, reader_of(files));
  REQUIRE(asked);
  CHECK(asked->options.socket == "inet:3@127.0.0.1");
  CHECK(converted({{"opendkim", "Mode v"}}).options.socket == "inet:8891@127.0.0.1");
}

TEST_CASE("a socket with a path moves to where the mail server finds it") {
  const std::string below = "unix:/var/spool/postfix/sekisho/sekisho.sock";
  const auto [path, has_postfix, socket] = GENERATE_COPY(table<std::string, bool, std::string>({
      {"/run/opendkim/opendkim.sock", false, "unix:/run/sekisho/sekisho.sock"},
      {"/run/opendkim/opendkim.sock", true, below},
      {"/var/spool/postfix/opendkim/opendkim.sock", false, below},
      {"/var/spool/postfix/opendkim/opendkim.sock", true, below},
  }));
  CAPTURE(path, has_postfix);
  const Sources sources{"opendkim", "", "", "", "", "", has_postfix};
  const auto migration = migrate(sources, reader_of({{"opendkim", "Socket local:" + path + "\n"}}));
  REQUIRE(migration);
  CHECK(migration->options.socket == socket);
}

TEST_CASE("SOCKET of /etc/default comes before Socket") {
  const Migration migration =
      converted({{"opendkim", "Socket inet:1@localhost"},
                 {"defaults", "PORT=2\nSOCKET=inet:$PORT@localhost\nUSER=x\n"}});
  CHECK(has_line(migration, "socket = \"inet:2@localhost\""));
  CHECK(migration.toml.contains("# defaults:2: SOCKET"));
  CHECK(has_note(migration, "needless opendkim:1: Socket"));
}

}  // namespace sekisho::migrate
