// Whether systemd's journal reads what we write.
#pragma once

#include <string_view>

namespace sekisho::milter {

/// `variable` is the value of JOURNAL_STREAM (systemd.exec(5)): device and inode of the stream that
/// leads to the journal. It is inherited by programs whose output goes somewhere else by now.
[[nodiscard]] bool is_journal(int descriptor, std::string_view variable);

}  // namespace sekisho::milter
