#include "config/option_table.hpp"

#include "config/option_row.hpp"
#include "config/socket.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace sekisho::config {

template <>
struct Words<LogTarget> {
  static constexpr std::array<Word<LogTarget>, 2> all{
      {{"stderr", LogTarget::standard_error}, {"syslog", LogTarget::syslog}}};
};
template <>
struct Words<LogFormat> {
  static constexpr std::array<Word<LogFormat>, 2> all{
      {{"text", LogFormat::text}, {"json", LogFormat::json}}};
};
template <>
struct Words<policy::Role> {
  static constexpr std::array<Word<policy::Role>, 3> all{{{"inbound", policy::Role::inbound},
                                                          {"outbound", policy::Role::outbound},
                                                          {"both", policy::Role::both}}};
};
template <>
struct Words<spf::Engine> {
  static constexpr std::array<Word<spf::Engine>, 2> all{
      {{"sekisho", spf::Engine::sekisho}, {"libspf2", spf::Engine::libspf2}}};
};
template <>
struct Words<dmarc::Discovery> {
  static constexpr std::array<Word<dmarc::Discovery>, 2> all{
      {{"treewalk", dmarc::Discovery::treewalk}, {"psl", dmarc::Discovery::psl}}};
};

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::optional<std::string> check_socket(const std::string& text) {
  const auto socket = parse_socket(text);
  if (socket) {
    return std::nullopt;
  }
  return "unix:PATH, inet:PORT@ADDRESS, inet6:PORT@ADDRESS or fd:N (" + socket.error() + ")";
}

std::optional<std::string> check_permissions(const std::string& text) {
  return parse_permissions(text) ? std::nullopt : std::optional<std::string>("0000 to 0777");
}

/// A token (RFC 2045 §5.1), so that it needs no quotes in the field (RFC 8601 §2.2).
std::optional<std::string> check_authserv_id(const std::string& text) {
  constexpr std::string_view specials = "()<>@,;:\\\"/[]?=";
  const bool token = std::ranges::all_of(
      text, [&](char c) { return c > ' ' && c < 0x7F && !specials.contains(c); });
  if (token && text.size() <= 253) {
    return std::nullopt;
  }
  return "a name such as mx.example.org, without blanks";
}

void add_general(std::vector<Option>& table) {
  table.push_back(row(
      "socket", [](auto& o) -> auto& { return o.socket; },
      "Address for connections of the MTA: unix:PATH, inet:PORT@ADDRESS, inet6:PORT@ADDRESS, fd:N.",
      Check<std::string>(check_socket)));
  table.push_back(row(
      "socket_owner", [](auto& o) -> auto& { return o.socket_owner; },
      "User who owns a unix socket; empty: the daemon's user."));
  table.push_back(row(
      "socket_group", [](auto& o) -> auto& { return o.socket_group; },
      "Group of a unix socket; the MTA must be a member. Empty: that of the folder or the "
      "daemon."));
  table.push_back(row(
      "socket_mode", [](auto& o) -> auto& { return o.socket_mode; },
      "Permissions of a unix socket, in octal.", Check<std::string>(check_permissions)));
  table.push_back(row(
      "user", [](auto& o) -> auto& { return o.user; },
      "User to switch to if the daemon is started as root."));
  table.push_back(row(
      "authserv_id", [](auto& o) -> auto& { return o.authserv_id; },
      "Name of this host in Authentication-Results; empty: the host name.",
      Check<std::string>(check_authserv_id)));
  table.push_back(row(
      "role", [](auto& o) -> auto& { return o.policy.role; },
      "Direction of mail: inbound never signs, outbound never verifies."));
  table.push_back(row(
      "header_comments", [](auto& o) -> auto& { return o.header_comments; },
      "Add explanatory comments to Authentication-Results."));
  table.push_back(row(
      "header_extended", [](auto& o) -> auto& { return o.header_extended; },
      "Add polrec.* and arc.chain; some programs discard an Authentication-Results with them."));
  table.push_back(row(
      "header_login", [](auto& o) -> auto& { return o.header_login; },
      "Add the login of the client to Authentication-Results."));
  table.push_back(row(
      "header_received_spf", [](auto& o) -> auto& { return o.header_received_spf; },
      "Add a Received-SPF field."));
  table.push_back(row(
      "message_timeout", [](auto& o) -> auto& { return o.message_timeout; },
      "Time limit for all DNS lookups of one message together.",
      between<milliseconds>(milliseconds{100}, minutes{4})));
  table.push_back(row(
      "stop_timeout", [](auto& o) -> auto& { return o.stop_timeout; },
      "Time limit for the messages in progress when the daemon stops.",
      between<milliseconds>(milliseconds{0}, hours{1})));
  table.push_back(
      row("log_target", [](auto& o) -> auto& { return o.log_target; }, "Destination of the log."));
  table.push_back(
      row("log_format", [](auto& o) -> auto& { return o.log_format; }, "Format of the log lines."));
}

void add_dns(std::vector<Option>& table) {
  table.push_back(row(
      "dns.nameservers", [](auto& o) -> auto& { return o.dns.nameservers; },
      "Recursive servers, ADDRESS or ADDRESS:PORT; empty: those in /etc/resolv.conf."));
  table.push_back(row(
      "dns.timeout", [](auto& o) -> auto& { return o.dns.timeout; },
      "Time limit for one question, over all servers and tries.",
      between<milliseconds>(milliseconds{50}, minutes{1})));
  table.push_back(row(
      "dns.attempt_timeout", [](auto& o) -> auto& { return o.dns.attempt_timeout; },
      "Time limit for one try, before the next server is asked.",
      between<milliseconds>(milliseconds{20}, minutes{1})));
  table.push_back(row(
      "dns.cache_entries", [](auto& o) -> auto& { return o.dns.cache_entries; },
      "Maximum number of cached answers; 0 disables the cache.", counts(0, 100'000'000)));
  table.push_back(row(
      "dns.cache_min_ttl", [](auto& o) -> auto& { return o.dns.cache_min_ttl; },
      "Minimum time for which answers are cached.", between<seconds>(seconds{0}, minutes{10})));
  table.push_back(row(
      "dns.cache_max_ttl", [](auto& o) -> auto& { return o.dns.cache_max_ttl; },
      "Maximum time for which answers are cached.", between<seconds>(seconds{0}, hours{168})));
  table.push_back(row(
      "dns.cache_max_negative_ttl", [](auto& o) -> auto& { return o.dns.cache_max_negative_ttl; },
      "Maximum time for which negative answers are cached.",
      between<seconds>(seconds{0}, hours{24})));
  table.push_back(row(
      "dns.trust_ad", [](auto& o) -> auto& { return o.dns.trust_ad; },
      "Trust the servers when they report that an answer was validated with DNSSEC."));
}

void add_mechanisms(std::vector<Option>& table) {
  table.push_back(
      row("spf.engine", [](auto& o) -> auto& { return o.spf.engine; }, "SPF implementation."));
  table.push_back(row(
      "spf.void_lookup_limit", [](auto& o) -> auto& { return o.spf.void_lookup_limit; },
      "Maximum number of lookups without an answer in one check.", counts(0, 2)));
  table.push_back(row(
      "dkim.max_signatures", [](auto& o) -> auto& { return o.dkim.max_signatures; },
      "Maximum number of signatures that are verified in one message.", counts(1, 1'000)));
  table.push_back(row(
      "dkim.min_rsa_bits", [](auto& o) -> auto& { return o.dkim.min_rsa_bits; },
      "Minimum size of an RSA key; signatures with smaller keys never pass.", counts(1024, 8192)));
  table.push_back(row(
      "dkim.max_rsa_bits", [](auto& o) -> auto& { return o.dkim.max_rsa_bits; },
      "Maximum size of an RSA key; signatures with larger keys are not verified.",
      counts(2048, 16384)));
  table.push_back(row(
      "dkim.clock_drift", [](auto& o) -> auto& { return o.dkim.clock_drift; },
      "Tolerated difference between the signer's clock and ours.",
      between<seconds>(seconds{0}, hours{24})));
  table.push_back(row(
      "dkim.allow_partial_body", [](auto& o) -> auto& { return o.dkim.allow_partial_body; },
      "Accept a signature that covers only a part of the body (l=)."));
  table.push_back(row(
      "dkim.max_signed_names", [](auto& o) -> auto& { return o.dkim.max_signed_names; },
      "Maximum number of names in h= of one signature.", counts(1, 10'000)));
  table.push_back(row(
      "dkim.footer_body_octets", [](auto& o) -> auto& { return o.dkim.footer_body_octets; },
      "Bodies up to this size are searched for an added footer where the author's signature fails.",
      counts(0, 1'000'000'000)));
  table.push_back(row(
      "dmarc.discovery", [](auto& o) -> auto& { return o.dmarc.discovery; },
      "Method to find the organizational domain."));
  table.push_back(row(
      "dmarc.public_suffix_list", [](auto& o) -> auto& { return o.dmarc.public_suffix_list; },
      "Public suffix list for discovery = \"psl\"; empty: the list of the system."));
}

void add_limits(std::vector<Option>& table) {
  table.push_back(row(
      "limits.header_octets", [](auto& o) -> auto& { return o.limits.header_octets; },
      "Maximum size of the header section, in octets.", counts(1'024, 67'108'864)));
  table.push_back(row(
      "limits.header_fields", [](auto& o) -> auto& { return o.limits.header_fields; },
      "Maximum number of header fields.", counts(10, 1'000'000)));
  table.push_back(row(
      "limits.addresses", [](auto& o) -> auto& { return o.limits.addresses; },
      "Maximum number of addresses in a From field.", counts(1, 100'000)));
  table.push_back(row(
      "limits.comment_depth", [](auto& o) -> auto& { return o.limits.comment_depth; },
      "Maximum depth of nested comments in a From field.", counts(1, 1'000)));
  table.push_back(row(
      "limits.lookups", [](auto& o) -> auto& { return o.limits.lookups; },
      "Maximum number of DNS questions of each mechanism for one message.", counts(10, 10'000)));
  table.push_back(row(
      "limits.messages", [](auto& o) -> auto& { return o.limits.messages; },
      "Maximum number of messages in progress; further ones get a temporary error.",
      counts(1, 1'000'000)));
}

}  // namespace

std::vector<Option> option_table() {
  std::vector<Option> table;
  add_general(table);
  add_dns(table);
  add_mechanisms(table);
  add_arc_rows(table);
  add_policy_rows(table);
  add_report_rows(table);
  add_signing_rows(table);
  add_proof_rows(table);
  add_preflight_rows(table);
  add_failure_rows(table);
  add_feedback_rows(table);
  add_limits(table);
  add_watching_rows(table);
  add_rule_rows(table);
  return table;
}

Option without_secret(Option option, std::string (*shown)(std::string_view)) {
  option.read = [read = std::move(option.read), shown](
                    Options& options, const Value& value) -> std::optional<Mismatch> {
    auto mismatch = read(options, value);
    if (const auto* text = std::get_if<std::string>(&value); text != nullptr && mismatch) {
      mismatch->what = "is " + quote(shown(*text));
    }
    return mismatch;
  };
  option.show = [write = option.write, shown](const Options& options) {
    const std::string value = write(options);
    return quote(shown(std::string_view(value).substr(1, value.size() - 2)));
  };
  return option;
}

}  // namespace sekisho::config
