#include "bench/script.hpp"

#include <string_view>
#include <utility>

#include <libmilter/mfdef.h>

namespace sekisho::bench {

namespace {

std::string terminated(std::string_view text) {
  std::string octets(text);
  return octets += '\0';
}

/// Gathers packets until one is answered.
class Writer {
 public:
  explicit Writer(std::uint32_t steps) : steps_(steps) {}

  void say(std::string_view octets) { open_.octets += octets; }
  void ask(char code, std::string_view data, std::uint32_t no_reply_step, bool is_body = false) {
    open_.octets += test::encode_packet(code, data);
    if (no_reply_step == 0 || (steps_ & no_reply_step) == 0) {
      open_.is_body = is_body;
      exchanges_.push_back(std::exchange(open_, {}));
    }
  }
  std::vector<Exchange> take() { return std::move(exchanges_); }

 private:
  std::uint32_t steps_;
  Exchange open_;
  std::vector<Exchange> exchanges_;
};

}  // namespace

Script write_script(const Case& message, std::uint32_t steps, const std::string& queue_id,
                    std::size_t chunk) {
  Writer writer(steps);
  writer.ask(SMFIC_MAIL, terminated("<" + message.sender + ">"), SMFIP_NR_MAIL);
  writer.say(test::encode_macros(SMFIC_RCPT, {{"i", queue_id}}));
  writer.ask(SMFIC_RCPT, terminated("<" + message.recipient + ">"), SMFIP_NR_RCPT);
  if ((steps & SMFIP_NODATA) == 0) {
    writer.ask(SMFIC_DATA, {}, SMFIP_NR_DATA);
  }
  for (const mail::HeaderField& field : message.header) {
    const bool is_whole = (steps & SMFIP_HDR_LEADSPC) != 0;
    writer.ask(SMFIC_HEADER,
               terminated(field.name) + terminated(field.value.substr(is_whole ? 0 : 1)),
               SMFIP_NR_HDR);
  }
  writer.ask(SMFIC_EOH, {}, SMFIP_NR_EOH);
  for (std::string_view rest = message.body; !rest.empty();) {
    const std::string_view part = rest.substr(0, chunk);
    writer.ask(SMFIC_BODY, part, SMFIP_NR_BODY, true);
    rest.remove_prefix(part.size());
  }
  writer.say(test::encode_macros(SMFIC_BODYEOB, {{"i", queue_id}}));
  writer.ask(SMFIC_BODYEOB, {}, 0);
  return {writer.take(), message.expected};
}

void introduce(test::MilterClient& client, const Case& message) {
  client.macros(SMFIC_CONNECT, {{"j", "mx.example.net"}, {"{daemon_name}", "smtpd"}});
  client.connect(message.client);
  client.helo(message.helo);
}

}  // namespace sekisho::bench
