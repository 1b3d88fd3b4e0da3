// Reads the messages of a mailbox file (RFC 4155).
#pragma once

#include "report/format/byte_source.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::report::import {

/// Splits at lines that begin with `From ` and follow an empty line or the beginning of the file.
class MailboxFile {
 public:
  struct Message {
    std::string octets;  ///< Without its `From ` line; incomplete if too large.
    bool is_too_large = false;
  };

  /// `max_octets` limits one message.
  MailboxFile(format::ByteSource source, std::size_t max_octets)
      : source_(std::move(source)), max_octets_(max_octets) {}

  /// Nullopt at the end. After an error there is nothing more.
  [[nodiscard]] std::expected<std::optional<Message>, std::string> next();
  /// Skips a message, without memory for it. Returns false at the end.
  [[nodiscard]] std::expected<bool, std::string> skip();

 private:
  // False at the end. A message that is too large already gets nothing added.
  [[nodiscard]] std::expected<bool, std::string> read_into(Message& message);
  // The next line with its end, or a piece of one that is very long; "" at the end. Good until the
  // next call.
  [[nodiscard]] std::expected<std::string_view, std::string> next_piece();
  [[nodiscard]] bool begins_message(std::string_view piece);

  format::ByteSource source_;
  std::size_t max_octets_;
  std::string buffer_;
  std::size_t place_ = 0;  // in the buffer
  bool at_line_start_ = true;
  bool after_empty_line_ = true;
  bool in_message_ = false;
};

}  // namespace sekisho::report::import
