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
      "Where the MTA finds the milter: unix:PATH, inet:PORT@ADDRESS, inet6:PORT@ADDRESS or fd:N.",
      Check<std::string>(check_socket)));
  table.push_back(row(
      "socket_owner", [](auto& o) -> auto& { return o.socket_owner; },
      "User who owns a unix socket; empty: the daemon's."));
  table.push_back(row(
      "socket_group", [](auto& o) -> auto& { return o.socket_group; },
      "Group of a unix socket, that of the MTA; empty: the folder's or the daemon's."));
  table.push_back(row(
      "socket_mode", [](auto& o) -> auto& { return o.socket_mode; },
      "Who may connect to a unix socket: permissions, in octal.",
      Check<std::string>(check_permissions)));
  table.push_back(row(
      "user", [](auto& o) -> auto& { return o.user; },
      "User that a daemon started as root becomes."));
  table.push_back(row(
      "authserv_id", [](auto& o) -> auto& { return o.authserv_id; },
      "The name under which results are reported; empty: the name of the machine.",
      Check<std::string>(check_authserv_id)));
  table.push_back(row(
      "role", [](auto& o) -> auto& { return o.policy.role; },
      "What this instance does: inbound never signs, outbound never verifies."));
  table.push_back(row(
      "header_comments", [](auto& o) -> auto& { return o.header_comments; },
      "Add comments for people to Authentication-Results."));
  table.push_back(row(
      "header_extended", [](auto& o) -> auto& { return o.header_extended; },
      "Add polrec.* and arc.chain, for which some readers discard Authentication-Results."));
  table.push_back(row(
      "header_login", [](auto& o) -> auto& { return o.header_login; },
      "Tell in Authentication-Results as whom a client logged in."));
  table.push_back(row(
      "header_received_spf", [](auto& o) -> auto& { return o.header_received_spf; },
      "Add a Received-SPF field, too."));
  table.push_back(row(
      "message_timeout", [](auto& o) -> auto& { return o.message_timeout; },
      "Time for all look-ups of one message together.",
      between<milliseconds>(milliseconds{100}, minutes{4})));
  table.push_back(row(
      "stop_timeout", [](auto& o) -> auto& { return o.stop_timeout; },
      "How long a stop waits for the messages under way.",
      between<milliseconds>(milliseconds{0}, hours{1})));
  table.push_back(
      row("log_target", [](auto& o) -> auto& { return o.log_target; }, "Where the log goes."));
  table.push_back(row(
      "log_format", [](auto& o) -> auto& { return o.log_format; }, "How its lines are written."));
}

void add_dns(std::vector<Option>& table) {
  table.push_back(row(
      "dns.nameservers", [](auto& o) -> auto& { return o.dns.nameservers; },
      "Recursive servers, ADDRESS or ADDRESS:PORT; empty: those of /etc/resolv.conf."));
  table.push_back(row(
      "dns.timeout", [](auto& o) -> auto& { return o.dns.timeout; },
      "Time for one question over all servers and tries.",
      between<milliseconds>(milliseconds{50}, minutes{1})));
  table.push_back(row(
      "dns.attempt_timeout", [](auto& o) -> auto& { return o.dns.attempt_timeout; },
      "Time for one try, before the next server is asked.",
      between<milliseconds>(milliseconds{20}, minutes{1})));
  table.push_back(row(
      "dns.cache_entries", [](auto& o) -> auto& { return o.dns.cache_entries; },
      "Answers kept at most; 0 turns the cache off.", counts(0, 100'000'000)));
  table.push_back(row(
      "dns.cache_min_ttl", [](auto& o) -> auto& { return o.dns.cache_min_ttl; },
      "Answers are kept at least this long, whatever they say.",
      between<seconds>(seconds{0}, minutes{10})));
  table.push_back(row(
      "dns.cache_max_ttl", [](auto& o) -> auto& { return o.dns.cache_max_ttl; },
      "Answers are kept at most this long, whatever they say.",
      between<seconds>(seconds{0}, hours{168})));
  table.push_back(row(
      "dns.cache_max_negative_ttl", [](auto& o) -> auto& { return o.dns.cache_max_negative_ttl; },
      "The same for the answer that there is nothing.", between<seconds>(seconds{0}, hours{24})));
  table.push_back(row(
      "dns.trust_ad", [](auto& o) -> auto& { return o.dns.trust_ad; },
      "Believe the servers when they say that an answer is secured by DNSSEC."));
}

void add_mechanisms(std::vector<Option>& table) {
  table.push_back(row(
      "spf.engine", [](auto& o) -> auto& { return o.spf.engine; },
      "Which implementation of SPF decides."));
  table.push_back(row(
      "spf.void_lookup_limit", [](auto& o) -> auto& { return o.spf.void_lookup_limit; },
      "Look-ups without an answer that one check may make.", counts(0, 2)));
  table.push_back(row(
      "dkim.max_signatures", [](auto& o) -> auto& { return o.dkim.max_signatures; },
      "Signatures of one message that are verified.", counts(1, 1'000)));
  table.push_back(row(
      "dkim.min_rsa_bits", [](auto& o) -> auto& { return o.dkim.min_rsa_bits; },
      "RSA keys below this size never pass.", counts(1024, 8192)));
  table.push_back(row(
      "dkim.max_rsa_bits", [](auto& o) -> auto& { return o.dkim.max_rsa_bits; },
      "RSA keys above this size are not tried.", counts(2048, 16384)));
  table.push_back(row(
      "dkim.clock_drift", [](auto& o) -> auto& { return o.dkim.clock_drift; },
      "How far the signer's clock may differ from ours.", between<seconds>(seconds{0}, hours{24})));
  table.push_back(row(
      "dkim.allow_partial_body", [](auto& o) -> auto& { return o.dkim.allow_partial_body; },
      "Let a signature pass that leaves a part of the body unsigned."));
  table.push_back(row(
      "dkim.max_signed_names", [](auto& o) -> auto& { return o.dkim.max_signed_names; },
      "Header fields that one signature may name.", counts(1, 10'000)));
  table.push_back(row(
      "dmarc.discovery", [](auto& o) -> auto& { return o.dmarc.discovery; },
      "How the organizational domain is found."));
  table.push_back(row(
      "dmarc.public_suffix_list", [](auto& o) -> auto& { return o.dmarc.public_suffix_list; },
      "File of public suffixes for discovery = \"psl\"; empty: the system's."));
}

void add_limits(std::vector<Option>& table) {
  table.push_back(row(
      "limits.header_octets", [](auto& o) -> auto& { return o.limits.header_octets; },
      "Size of a message's header section.", counts(1'024, 67'108'864)));
  table.push_back(row(
      "limits.header_fields", [](auto& o) -> auto& { return o.limits.header_fields; },
      "Header fields of a message.", counts(10, 1'000'000)));
  table.push_back(row(
      "limits.addresses", [](auto& o) -> auto& { return o.limits.addresses; },
      "Addresses in a From field.", counts(1, 100'000)));
  table.push_back(row(
      "limits.comment_depth", [](auto& o) -> auto& { return o.limits.comment_depth; },
      "Comments within comments in a From field.", counts(1, 1'000)));
  table.push_back(row(
      "limits.lookups", [](auto& o) -> auto& { return o.limits.lookups; },
      "DNS questions that each mechanism may cause for one message.", counts(10, 10'000)));
  table.push_back(row(
      "limits.messages", [](auto& o) -> auto& { return o.limits.messages; },
      "Messages under way at a time; more are told to come again later.", counts(1, 1'000'000)));
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
