// A message that is read twice: once to sign it, once to print it with new fields on top.
#pragma once

#include "mail/header_field.hpp"
#include "mail/message_reader.hpp"
#include "tools/cli/refusal.hpp"

#include <expected>
#include <fstream>
#include <functional>
#include <istream>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace sekisho::tools {

/// Standard input, or a pipe, goes through a scratch file without a name, so that memory does not
/// grow with the message. Movable.
class MessageFile {
 public:
  /// `path`, or standard input where it is empty or `-`.
  [[nodiscard]] static std::expected<MessageFile, Refusal> open(const std::string& path);

  /// As mail::read_message.
  mail::ReadReport read(const mail::ReadLimits& limits,
                        const std::function<void(mail::HeaderSection)>& on_header,
                        const std::function<void(std::string_view)>& on_body);

  /// Gives `sink` the message as it was read, octet for octet and in chunks of any size, below
  /// `fields`, whose lines end as the message's first line does. A mailbox file's `From ` line
  /// stays above them, if read() was called before.
  [[nodiscard]] std::expected<void, Refusal> give(
      std::span<const mail::HeaderField> fields, const std::function<void(std::string_view)>& sink);

  /// The same to a stream.
  [[nodiscard]] std::expected<void, Refusal> print(std::span<const mail::HeaderField> fields,
                                                   std::ostream& output);

 private:
  static std::expected<MessageFile, Refusal> keep(std::istream& input);
  explicit MessageFile(std::fstream file) : file_(std::move(file)) {}
  void rewind();

  std::fstream file_;
  bool has_mailbox_line_ = false;
};

}  // namespace sekisho::tools
