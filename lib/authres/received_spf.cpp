#include "authres/received_spf.hpp"

#include "authres/scanner.hpp"

#include <algorithm>
#include <string_view>

namespace sekisho::authres {

namespace {

bool may_be_told(std::string_view text) {
  constexpr std::size_t longest = 320;  // local part, "@" and domain (RFC 5321 §4.5.3.1)
  return !text.empty() && text.size() <= longest &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

// key-value-pair: dot-atom / quoted-string
void add_pair(std::string_view key, std::string_view value, std::string& field) {
  if (!may_be_told(value)) {
    return;
  }
  field += "\r\n\t" + std::string(key) + "=" +
           (is_dot_atom(value) ? std::string(value) : quote(value)) + ";";
}

bool is_error(spf::ResultCode code) {
  return code == spf::ResultCode::temperror || code == spf::ResultCode::permerror;
}

}  // namespace

std::optional<std::string> format_received_spf(const findings::Findings& findings,
                                               const std::string& receiver) {
  if (!findings.spf_mail_from || !findings.client.address) {
    return std::nullopt;
  }
  const spf::Result& spf = *findings.spf_mail_from;
  const bool by_helo = spf.identity == spf::Identity::helo;
  const std::string client = findings.client.address->text();
  const std::string about = may_be_told(spf.domain) && is_dot_atom(spf.domain)
                                ? " for " + spf.domain + ", client " + client
                                : ", client " + client;
  std::string field = " " + std::string(spf::format_result_code(spf.code)) + " (" + receiver +
                      ": result of SPF" + about + ")";
  add_pair("receiver", receiver, field);
  add_pair("identity", by_helo ? "helo" : "mailfrom", field);
  add_pair("client-ip", client, field);
  add_pair("envelope-from", findings.envelope.sender, field);
  add_pair("helo", findings.client.helo, field);
  add_pair("mechanism", spf.mechanism.empty() ? "default" : spf.mechanism, field);
  if (is_error(spf.code)) {
    add_pair("problem", spf.reason, field);
  }
  field.pop_back();  // the last semicolon
  return field;
}

}  // namespace sekisho::authres
