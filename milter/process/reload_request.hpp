// "sekishod --reload": has a running daemon reload, and tells how that ended. The request is the
// signal SIGUSR1, sent by sigqueue(3); the answer is a datagram to an abstract unix socket that has
// the requester's process number in its name.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <vector>

#include <sys/types.h>

namespace sekisho::milter {

struct ReloadAnswer {
  enum class Kind : unsigned char {
    reloaded,
    restart_needed,  ///< The rest is in use.
    refused,         ///< The previous configuration and keys stay in use.
  };
  Kind kind = Kind::reloaded;
  std::vector<std::string> lines;  ///< Warnings, what needs a restart, or why it was refused.

  bool operator==(const ReloadAnswer&) const = default;
};

/// Asks the daemon with this process number, and waits for the answer. An error: there is no such
/// daemon, it may not be asked, or it gives no answer in time.
[[nodiscard]] std::expected<ReloadAnswer, std::string> request_reload(
    pid_t daemon, std::chrono::seconds patience);

/// Answers a process that has asked; does nothing if it waits no longer.
void answer_reload(pid_t requester, const ReloadAnswer& answer);

/// The datagram: a digit, and the lines, cut off at 8 KB.
[[nodiscard]] std::string encode_answer(const ReloadAnswer& answer);
/// An error: it is none.
[[nodiscard]] std::expected<ReloadAnswer, std::string> decode_answer(const std::string& text);

}  // namespace sekisho::milter
