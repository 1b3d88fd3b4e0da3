// systemd's journal: whether it reads what we write, and entries with fields of their own
// (systemd.journal-fields(7)).
#pragma once

#include "milter/monitor/message_facts.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::milter {

/// `variable` is the value of JOURNAL_STREAM (systemd.exec(5)): device and inode of the stream that
/// leads to the journal. It is inherited by programs whose output goes somewhere else by now.
[[nodiscard]] bool is_journal(int descriptor, std::string_view variable);

/// What stands beside an entry's text, so that `journalctl NAME=VALUE` finds it.
struct JournalField {
  std::string name;  ///< Upper case letters and "_".
  std::string value;
  bool operator==(const JournalField&) const = default;
};

/// What one looks for messages by: queue id, client, sender, author, results, action. Empty values
/// are left out.
[[nodiscard]] std::vector<JournalField> journal_fields(const MessageFacts& message);

/// The journal's socket. Thread-safe; copies share it.
class Journal {
 public:
  static constexpr const char* system_socket = "/run/systemd/journal/socket";

  /// `path` may be missing at times: it is looked for at each entry.
  explicit Journal(std::string path = system_socket);

  /// `priority` is that of syslog(3). False: the journal did not take it.
  [[nodiscard]] bool send(int priority, std::string_view text,
                          std::span<const JournalField> fields) const;

 private:
  std::string path_;
  std::shared_ptr<const int> socket_;  ///< Null: none could be opened.
};

}  // namespace sekisho::milter
