// Milters beside Sekisho, and which programs they are.
#pragma once

#include "tools/cli/command_runner.hpp"
#include "tools/setup/facts.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools::setup {

/// Returns the text of a file; nullopt if it cannot be read.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

[[nodiscard]] std::string_view format_other_program(OtherProgram program);

/// Programs that are in use, and where they listen.
struct OtherSockets {
  bool has_opendkim = false;
  std::string opendkim;  ///< As its own configuration says; empty: not known.
  bool has_opendmarc = false;
  std::string opendmarc;
};

[[nodiscard]] OtherSockets gather_other_sockets(const CommandRunner& run,
                                                const ReadFile& read_file);

/// Returns true if one of these programs listens at a name of smtpd_milters.
[[nodiscard]] bool is_taken(std::string_view milter, const OtherSockets& sockets);

/// Returns which program listens at a name of smtpd_milters: by the sockets, or else by the usual
/// paths and ports.
[[nodiscard]] OtherProgram program_at(std::string_view milter, const OtherSockets& sockets);

/// Returns the milters that Postfix asks and that are not in `ours`, then OpenDKIM and OpenDMARC if
/// they are in use and Postfix does not ask them.
[[nodiscard]] std::vector<OtherMilter> find_other_milters(
    const std::vector<std::vector<std::string>>& asked, const std::vector<std::string>& ours,
    const OtherSockets& sockets);

}  // namespace sekisho::tools::setup
