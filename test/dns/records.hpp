// Short ways to say what a resolver answered.
#pragma once

#include "dns/answer.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace sekisho::dns {

inline std::string hexadecimal(std::string_view octets) {
  std::string text;
  for (const char octet : octets) {
    for (const unsigned shift : {4U, 0U}) {
      const unsigned digit = static_cast<unsigned char>(octet) >> shift & 15U;
      text += std::string_view("0123456789abcdef")[digit];
    }
  }
  return text;
}

/// "found 10 mx.example.org, 20 mx2.example.org", "no such name".
inline std::string shown(const Answer& answer) {
  std::string text(format_status(answer.status));
  std::string_view separator = " ";
  if (answer.records) {
    for (const Record& record : *answer.records) {
      text += separator;
      separator = ", ";
      if (const auto* address = std::get_if<IpAddress>(&record)) {
        text += address->text();
      } else if (const auto* strings = std::get_if<Text>(&record)) {
        text += strings->data;
      } else if (const auto* host = std::get_if<HostName>(&record)) {
        text += host->name;
      } else if (const auto* exchange = std::get_if<MailExchange>(&record)) {
        text += std::to_string(exchange->preference) + " " + exchange->host;
      } else if (const auto* soa = std::get_if<StartOfAuthority>(&record)) {
        text += soa->primary + " " + soa->mailbox + " " + std::to_string(soa->serial) + " " +
                std::to_string(soa->minimum);
      } else if (const auto* tlsa = std::get_if<CertificateAssociation>(&record)) {
        text += std::to_string(tlsa->usage) + std::to_string(tlsa->selector) +
                std::to_string(tlsa->matching) + " " + hexadecimal(tlsa->data);
      } else if (const auto* caa = std::get_if<CertificateAuthority>(&record)) {
        text += std::to_string(caa->flags) + " " + caa->tag + " " + caa->value;
      } else if (const auto* ds = std::get_if<DelegationSigner>(&record)) {
        text += std::to_string(ds->key_tag) + " " + std::to_string(ds->algorithm) + " " +
                std::to_string(ds->digest_type) + " " + hexadecimal(ds->digest);
      } else if (const auto* key = std::get_if<ZoneKey>(&record)) {
        text += std::to_string(key->flags) + " " + std::to_string(key->protocol) + " " +
                std::to_string(key->algorithm) + " " + hexadecimal(key->key);
      }
    }
  }
  return text;
}

}  // namespace sekisho::dns
