// A program for tests in other languages, and for a look by hand: sends the message on standard
// input through a running milter as an MTA would, and prints what the milter said as JSON.
#include "mail/message_reader.hpp"
#include "milter/milter_client.hpp"

#include <exception>
#include <iostream>
#include <string>

#include <libmilter/mfdef.h>
#include <nlohmann/json.hpp>

using namespace sekisho;
using namespace sekisho::test;

namespace {

using Json = nlohmann::ordered_json;

/// As MTAs give it: a fold is a bare LF. A CR that stands alone stays where it is.
std::string with_bare_folds(std::string value) {
  for (std::size_t at = 0; (at = value.find("\r\n", at)) != std::string::npos; ++at) {
    value.erase(at, 1);
  }
  return value;
}

Message read_message_from(std::istream& input, const std::string& sender) {
  Message message;
  message.sender = sender;
  message.queue_id = "4MilterSession";
  mail::read_message(
      input, {.header_octets = 100'000'000, .header_fields = 1'000'000},
      [&](mail::HeaderSection header) { message.header = std::move(header); },
      [&](std::string_view chunk) { message.body += chunk; });
  for (mail::HeaderField& field : message.header) {
    field.value = with_bare_folds(std::move(field.value));
  }
  return message;
}

Json json_from(const Outcome& outcome) {
  Json edits = Json::array();
  for (const HeaderEdit& edit : outcome.edits) {
    const bool is_insertion = edit.kind != HeaderEdit::Kind::change;
    edits.push_back({{"insert", is_insertion},
                     {"index", edit.index},
                     {"name", edit.name},
                     {"value", edit.value}});
  }
  return {{"code", std::string(1, outcome.code)},
          {"reply", outcome.reply},
          {"quarantine", outcome.quarantine ? Json(*outcome.quarantine) : Json(nullptr)},
          {"edits", std::move(edits)}};
}

int run(const std::string& socket, const std::string& address, const std::string& helo,
        const std::string& sender) {
  MilterClient client(socket);
  client.negotiate();
  client.macros(SMFIC_CONNECT, {{"j", "mx.example.org"}, {"{daemon_name}", "smtpd"}});
  client.connect(address);
  client.helo(helo);
  const Outcome outcome = client.send(read_message_from(std::cin, "<" + sender + ">"));
  // Octets that are no UTF-8 would be a finding, and must not end this program.
  std::cout << json_from(outcome).dump(2, ' ', true, Json::error_handler_t::replace) << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() != 4) {
    std::cerr << "Usage: milter_session SOCKET ADDRESS HELO SENDER <MESSAGE\n";
    return 2;
  }
  try {
    return run(arguments[0], arguments[1], arguments[2], arguments[3]);
  } catch (const std::exception& error) {
    std::cerr << "milter_session: " << error.what() << "\n";
    return 1;
  }
}
