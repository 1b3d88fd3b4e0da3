// Short ways to say what a resolver answered.
#pragma once

#include "dns/answer.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace sekisho::dns {

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
      }
    }
  }
  return text;
}

}  // namespace sekisho::dns
