// From the configurations of OpenDKIM, OpenDMARC, OpenARC and policyd-spf to one of Sekisho's that
// treats mail as they did.
#pragma once

#include "config/options.hpp"
#include "migrate/draft.hpp"
#include "migrate/statement.hpp"

#include <expected>
#include <string>
#include <vector>

namespace sekisho::migrate {

/// Paths; empty: there is none.
struct Sources {
  std::string opendkim;
  std::string opendkim_defaults;  ///< /etc/default/opendkim, whose SOCKET comes before Socket.
  std::string opendmarc;
  std::string openarc;
  std::string spf_policyd;
  std::string socket;        ///< No path: where the MTA is to find Sekisho, whatever they say.
  bool has_postfix = false;  ///< No path: the MTA is a Postfix, with its queue where Debian has it.
  bool has_syslog = true;    ///< No path: there is a /dev/log.
};

struct Migration {
  std::string toml;
  config::Options options;  ///< What the text says, without the files that it names.
  std::vector<Note> notes;  ///< In the order of NoteKind, then of the sources.
};

/// An error is everything that is wrong in the sources, "FILE:LINE: …" each.
[[nodiscard]] std::expected<Migration, Problems> migrate(const Sources& sources,
                                                         const ReadFile& read_file);

}  // namespace sekisho::migrate
