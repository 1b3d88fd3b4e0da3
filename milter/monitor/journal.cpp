#include "milter/monitor/journal.hpp"

#include "milter/monitor/datagram.hpp"

#include <cstddef>
#include <cstdint>
#include <variant>

#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::milter {

namespace {

// The journal's native protocol: a field is `NAME=value` and a line end or, where the value itself
// has line ends, the name, a line end, the size in 64 bits, lowest octet first, the value, a line
// end.
void append(std::string& entry, std::string_view name, std::string_view value) {
  entry += name;
  if (value.contains('\n')) {
    entry += '\n';
    for (unsigned shift = 0; shift < 64; shift += 8) {
      entry += static_cast<char>(static_cast<std::uint64_t>(value.size()) >> shift & 0xFFU);
    }
  } else {
    entry += '=';
  }
  entry.append(value).append("\n");
}

std::shared_ptr<const int> open_socket() {
  const int descriptor = open_datagram_socket();
  if (descriptor < 0) {
    return nullptr;
  }
  return {new int(descriptor), [](const int* open) {
            close(*open);
            delete open;
          }};
}

}  // namespace

bool is_journal(int descriptor, std::string_view variable) {
  struct stat status{};
  return fstat(descriptor, &status) == 0 &&
         variable == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

std::vector<JournalField> journal_fields(const MessageFacts& message) {
  std::vector<JournalField> fields = {{"SEKISHO_QUEUE_ID", message.queue_id}};
  for (const Fact& fact : message.facts) {
    if (fact.journal.empty()) {
      continue;
    }
    const auto* address = std::get_if<EnvelopeAddress>(&fact.value);
    fields.push_back({std::string(fact.journal),
                      address != nullptr ? address->text : std::get<std::string>(fact.value)});
  }
  std::erase_if(fields, [](const JournalField& field) { return field.value.empty(); });
  return fields;
}

Journal::Journal(std::string path) : path_(std::move(path)), socket_(open_socket()) {}

bool Journal::send(int priority, std::string_view text,
                   std::span<const JournalField> fields) const {
  if (!socket_) {
    return false;
  }
  std::string entry;
  append(entry, "MESSAGE", text);
  append(entry, "PRIORITY", std::to_string(priority));
  append(entry, "SYSLOG_IDENTIFIER", "sekishod");
  for (const JournalField& field : fields) {
    append(entry, field.name, field.value);
  }
  return send_datagram(*socket_, path_, entry);
}

}  // namespace sekisho::milter
