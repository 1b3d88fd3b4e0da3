#include "tools/setup/other_milters.hpp"

#include "tools/config/host.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ranges>
#include <utility>

namespace sekisho::tools::setup {

namespace {

struct Mark {
  std::string_view text;
  OtherProgram program;
};
// Parts of the usual names. "dkim" comes last: "opendmarc" and "rspamd" are more certain.
constexpr std::array<Mark, 7> marks{{{"rspamd", OtherProgram::rspamd},
                                     {":11332", OtherProgram::rspamd},
                                     {"dmarc", OtherProgram::opendmarc},
                                     {":8893", OtherProgram::opendmarc},
                                     {"openarc", OtherProgram::openarc},
                                     {"dkim", OtherProgram::opendkim},
                                     {":8892", OtherProgram::opendkim}}};

// The port of `inet:PORT@HOST` (OpenDKIM) or `inet:HOST:PORT` (Postfix); empty: it is a path.
std::string_view port_of(std::string_view socket) {
  if (!socket.starts_with("inet")) {
    return {};
  }
  const std::string_view rest = socket.substr(socket.find(':') + 1);
  const std::size_t at = rest.find('@');
  return at != std::string_view::npos ? rest.substr(0, at) : rest.substr(rest.rfind(':') + 1);
}

std::string_view path_of(std::string_view socket) {
  return socket.substr(socket.find(':') == std::string_view::npos ? 0 : socket.find(':') + 1);
}

// Postfix names a path from its queue folder, the program from the root.
bool is_same_socket(std::string_view theirs, std::string_view milter) {
  if (theirs.empty()) {
    return false;
  }
  if (!port_of(theirs).empty() || !port_of(milter).empty()) {
    return port_of(theirs) == port_of(milter);
  }
  return path_of(theirs).ends_with(path_of(milter));
}

bool is_in_use(const std::string& service, const CommandRunner& run) {
  return !is_out_of_use(run({"systemctl", "is-active", service}).output +
                        run({"systemctl", "is-enabled", service}).output);
}

bool has(const std::vector<OtherMilter>& others, OtherProgram program) {
  return std::ranges::any_of(others,
                             [&](const OtherMilter& other) { return other.program == program; });
}

}  // namespace

std::string_view format_other_program(OtherProgram program) {
  switch (program) {
    case OtherProgram::opendkim:
      return "OpenDKIM";
    case OtherProgram::opendmarc:
      return "OpenDMARC";
    case OtherProgram::rspamd:
      return "Rspamd";
    case OtherProgram::openarc:
      return "OpenARC";
    case OtherProgram::unknown:
      return "another milter";
  }
  std::unreachable();
}

OtherSockets gather_other_sockets(const CommandRunner& run, const ReadFile& read_file) {
  OtherSockets sockets;
  if (const auto text = read_file("/etc/opendkim.conf"); text && is_in_use("opendkim", run)) {
    sockets.has_opendkim = true;
    sockets.opendkim = parse_opendkim(*text).socket;
  }
  if (const auto text = read_file("/etc/opendmarc.conf"); text && is_in_use("opendmarc", run)) {
    sockets.has_opendmarc = true;
    sockets.opendmarc = parse_opendkim(*text).socket;  // in the same form
  }
  return sockets;
}

bool is_taken(std::string_view milter, const OtherSockets& sockets) {
  return is_same_socket(sockets.opendkim, milter) || is_same_socket(sockets.opendmarc, milter);
}

OtherProgram program_at(std::string_view milter, const OtherSockets& sockets) {
  if (is_same_socket(sockets.opendkim, milter)) {
    return OtherProgram::opendkim;
  }
  if (is_same_socket(sockets.opendmarc, milter)) {
    return OtherProgram::opendmarc;
  }
  const auto* const mark =
      std::ranges::find_if(marks, [&](const Mark& one) { return milter.contains(one.text); });
  return mark == marks.end() ? OtherProgram::unknown : mark->program;
}

std::vector<OtherMilter> find_other_milters(const std::vector<std::vector<std::string>>& asked,
                                            const std::vector<std::string>& ours,
                                            const OtherSockets& sockets) {
  std::vector<OtherMilter> others;
  for (const std::string& milter : asked | std::views::join) {
    const bool is_known = std::ranges::find(others, milter, &OtherMilter::name) != others.end();
    if (!is_known && std::ranges::find(ours, milter) == ours.end()) {
      others.push_back({program_at(milter, sockets), milter});
    }
  }
  if (sockets.has_opendkim && !has(others, OtherProgram::opendkim)) {
    others.push_back({OtherProgram::opendkim, ""});
  }
  if (sockets.has_opendmarc && !has(others, OtherProgram::opendmarc)) {
    others.push_back({OtherProgram::opendmarc, ""});
  }
  return others;
}

}  // namespace sekisho::tools::setup
