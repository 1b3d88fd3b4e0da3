#include "report/import/mailbox.hpp"

#include <array>
#include <utility>

namespace sekisho::report::import {

std::expected<std::optional<MailboxFile::Message>, std::string> MailboxFile::next() {
  Message message;
  const auto found = read_into(message);
  if (!found) {
    return std::unexpected(found.error());
  }
  return *found ? std::optional(std::move(message)) : std::nullopt;
}

std::expected<bool, std::string> MailboxFile::skip() {
  Message message{.octets = {}, .is_too_large = true};
  return read_into(message);
}

std::expected<bool, std::string> MailboxFile::read_into(Message& message) {
  for (;;) {
    const auto piece = next_piece();
    if (!piece) {
      return std::unexpected(piece.error());
    }
    const bool was_in_message = in_message_;
    if (piece->empty()) {
      in_message_ = false;
      return was_in_message;
    }
    if (begins_message(*piece)) {
      in_message_ = true;
      if (was_in_message) {
        return true;
      }
      continue;
    }
    message.is_too_large =
        message.is_too_large || piece->size() > max_octets_ - message.octets.size();
    if (!message.is_too_large) {
      message.octets += *piece;
    }
  }
}

bool MailboxFile::begins_message(std::string_view piece) {
  const bool begins = at_line_start_ && after_empty_line_ && piece.starts_with("From ");
  after_empty_line_ = at_line_start_ && (piece == "\n" || piece == "\r\n");
  at_line_start_ = piece.ends_with('\n');
  return begins;
}

std::expected<std::string_view, std::string> MailboxFile::next_piece() {
  constexpr std::size_t max_piece = 65'536;
  std::array<char, 32'768> block{};
  std::size_t searched = place_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    const bool is_long = buffer_.size() - place_ >= max_piece;
    if (end != buffer_.npos || is_long) {
      const std::size_t next = end != buffer_.npos ? end + 1 : buffer_.size();
      const std::size_t begin = std::exchange(place_, next);
      return std::string_view(buffer_).substr(begin, next - begin);
    }
    buffer_.erase(0, std::exchange(place_, 0));
    searched = buffer_.size();
    const auto count = source_(block);
    if (!count) {
      return std::unexpected(count.error());
    }
    if (*count == 0) {
      place_ = buffer_.size();
      return buffer_;
    }
    buffer_.append(block.data(), *count);
  }
}

}  // namespace sekisho::report::import
