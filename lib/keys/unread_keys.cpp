#include "keys/unread_keys.hpp"

#include "keys/key_file.hpp"

namespace sekisho::keys {

UnreadKeys read_unread_keys(const std::vector<dkim::SigningKeyPtr>& keys,
                            const std::function<bool()>& stop) {
  UnreadKeys report;
  for (const dkim::SigningKeyPtr& key : keys) {
    if (key->key.is_read()) {
      continue;
    }
    if (stop()) {
      report.was_stopped = true;
      break;
    }
    ++report.read;
    const auto read = key->key.read();
    if (!read) {
      report.problems.push_back(key->record_name() + ": " + read.error());
    } else if (const auto weakness = weakness_of(*read)) {
      report.problems.push_back(key->record_name() + ": " + *weakness);
    }
  }
  return report;
}

}  // namespace sekisho::keys
