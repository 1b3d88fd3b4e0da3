// An MTA's side of the milter protocol, version 6: well-behaved through its methods, hostile
// through send_raw().
#pragma once

#include "mail/header_field.hpp"
#include "support/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::test {

/// One packet: a command of the MTA or an answer of the milter.
struct Packet {
  char code = '\0';
  std::string data;

  bool operator==(const Packet&) const = default;
};

/// What is offered, or agreed on: SMFIF_* and SMFIP_* of libmilter/mfdef.h.
struct Offer {
  std::uint32_t version = 6;
  std::uint32_t actions = 0x1FF;
  std::uint32_t steps = 0x1FFFFF;
  std::string rest;  ///< After the flags: lists of macros, in an answer.
};

struct HeaderEdit {
  enum class Kind : std::uint8_t { insert, change, add };
  Kind kind = Kind::insert;
  std::uint32_t index = 0;
  std::string name;
  std::string value;

  bool operator==(const HeaderEdit&) const = default;
};

/// What the milter said at the end of a message.
struct Outcome {
  char code = '\0';   ///< SMFIR_*: 'c' continue, 'r' reject, 't' tempfail, 'y' a reply of its own …
  std::string reply;  ///< With 'y': "550 5.7.26 text".
  std::vector<HeaderEdit> edits;
  std::optional<std::string> quarantine;
  std::size_t body_chunks =
      0;  ///< That were sent: fewer than there are where the milter said skip.
};

using Macros = std::vector<std::pair<std::string, std::string>>;

struct Message {
  std::string sender = "<alice@example.org>";
  std::vector<std::string> recipients{"<bob@example.net>"};
  mail::HeaderSection header;  ///< Values as on the wire: leading blank, folds as bare LF.
  std::string body;
  std::string queue_id = "4QueueId";
};

/// A packet as it goes over the wire, and the command that brings macros.
[[nodiscard]] std::string encode_packet(char code, std::string_view data);
[[nodiscard]] std::string encode_macros(char command, const Macros& macros);

class MilterClient {
 public:
  /// `unix:PATH` or `inet:PORT@ADDRESS`. Throws where nobody listens.
  explicit MilterClient(const std::string& socket);

  /// The milter's answer, whose flags then hold for this connection. Throws where it closes.
  Offer negotiate(const Offer& offer = {});
  void macros(char command, const Macros& macros);
  /// Family '4', '6', 'L' or 'U'.
  void connect(const std::string& address = "192.0.2.1", char family = '4');
  void helo(const std::string& name = "mail.example.org");
  /// The answers to MAIL and RCPT; 'c' where the milter gives none.
  Packet mail(const std::string& sender);
  Packet recipient(const std::string& recipient);
  void header(const mail::HeaderField& field);
  void end_of_header();
  /// The answer: 'c', 's' to skip the rest, or a refusal.
  Packet body(std::string_view chunk);
  Outcome end_of_message(const std::string& queue_id = "4QueueId");
  /// The edits and the answer that follow the end of a message.
  Outcome read_outcome();
  void abort();
  void quit();
  void quit_for_new_connection();

  /// From MAIL to the end.
  Outcome send(const Message& message, std::size_t chunk_size = 65'535);

  void send_raw(std::string_view octets);
  void send_packet(char code, std::string_view data);
  Packet read_packet();
  /// From now on whatever the milter writes fails, as if the MTA were gone.
  void stop_reading();
  /// Whether the milter has closed the connection, after at most a few seconds.
  [[nodiscard]] bool is_closed();
  void close() { socket_ = {}; }

 private:
  Packet command(char code, std::string_view data, std::uint32_t no_reply_step);

  Descriptor socket_;
  std::uint32_t steps_ = 0;
};

/// Negotiates and says connect and HELO.
[[nodiscard]] MilterClient open_session(const std::string& socket);

/// The header section as an MTA would deliver it.
[[nodiscard]] mail::HeaderSection delivered(const mail::HeaderSection& header,
                                            const Outcome& outcome);

/// The fields of a header written as text with LF line ends; folds stay in the values.
[[nodiscard]] mail::HeaderSection fields_of(std::string_view text);

}  // namespace sekisho::test
