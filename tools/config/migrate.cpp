#include "migrate/migrate.hpp"

#include "checkpoint/signing_services.hpp"
#include "dmarc/evaluate.hpp"
#include "keys/secret_text.hpp"
#include "mail/line_ends.hpp"
#include "tools/cli/new_file.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using migrate::Note;
using migrate::NoteKind;

struct Arguments {
  migrate::Sources sources;
  std::string output;
  std::string format = "text";
};

struct Heading {
  NoteKind kind = NoteKind::lost;
  std::string_view word;  // in JSON
  std::string_view text;
};
constexpr std::array<Heading, 3> headings{{
    {NoteKind::lost, "lost", "Lost, since there is no counterpart:"},
    {NoteKind::by_hand, "by_hand", "To be done by hand:"},
    {NoteKind::needless, "needless",
     "Not needed, since Sekisho does so anyway or works otherwise:"},
}};

std::string format_notes(const std::vector<Note>& notes) {
  std::string text;
  for (const Heading& heading : headings) {
    bool is_first = true;
    for (const Note& note : notes) {
      if (note.kind != heading.kind) {
        continue;
      }
      if (std::exchange(is_first, false)) {
        text += fmt::format("{}{}\n", text.empty() ? "" : "\n", heading.text);
      }
      text += fmt::format("  {}\n      {}\n", migrate::format_origin({note.option, "", note.place}),
                          note.text);
    }
  }
  return text;
}

std::string format_notes_json(const std::vector<Note>& notes) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Note& note : notes) {
    const auto* const heading = std::ranges::find(headings, note.kind, &Heading::kind);
    nlohmann::ordered_json object{
        {"kind", heading->word}, {"file", nullptr}, {"line", nullptr}, {"option", nullptr}};
    if (!note.place.file.empty()) {
      object["file"] = migrate::format_place({note.place.file, 0});
    }
    if (note.place.line != 0) {
      object["line"] = note.place.line;
    }
    if (!note.option.empty()) {
      object["option"] = migrate::printable(note.option);
    }
    object["text"] = note.text;
    list.push_back(std::move(object));
  }
  return list.dump(2) + "\n";
}

std::expected<std::string, std::string> read_file(const std::string& path) {
  const auto file = keys::read_text_file(path, migrate::max_file_octets);
  if (!file) {
    return std::unexpected(file.error());
  }
  return std::string(file->text.view());
}

std::expected<void, Refusal> write_out(const std::string& path, const std::string& toml) {
  if (!path.empty() && path != "-") {
    constexpr mode_t for_all_to_read = 0644;
    return write_new_file(path, toml, for_all_to_read);
  }
  std::cout << toml << std::flush;
  if (!std::cout) {
    return std::unexpected(Refusal{exit_failure, "standard output cannot be written"});
  }
  return {};
}

bool is_noted(const std::vector<Note>& notes, std::string_view problem) {
  return std::ranges::any_of(notes, [&](const Note& note) {
    return migrate::format_place(note.place) + ": " + note.text == problem;
  });
}

// What the daemon would say to the keys; the user who asks need not be the daemon's.
void look_at_keys(const config::Options& options, std::vector<Note>& notes) {
  std::vector<std::string> problems;
  if (const auto signing = checkpoint::open_signing(options, problems); !signing) {
    problems.push_back(signing.error());
  }
  for (const std::string& several : problems) {
    for (const std::string& problem : mail::lines_of(several)) {
      if (!is_noted(notes, problem)) {
        notes.push_back({NoteKind::by_hand, {}, "keys", migrate::printable(problem)});
      }
    }
  }
}

int run(const Arguments& arguments) {
  migrate::Sources sources = arguments.sources;
  std::error_code error;
  sources.has_postfix = std::filesystem::is_directory("/var/spool/postfix", error);
  sources.has_syslog = std::filesystem::exists("/dev/log", error);
  if (sources.opendkim.empty() && sources.opendmarc.empty() && sources.openarc.empty() &&
      sources.spf_policyd.empty()) {
    return complain("migrate", {exit_usage, "name a configuration, with --opendkim or another"});
  }
  auto migration = migrate::migrate(sources, read_file);
  if (!migration) {
    std::string message = "the configuration cannot be taken over";
    for (const std::string& problem : migration.error()) {
      message += "\n" + problem;
    }
    return complain("migrate", {exit_failure, message});
  }
  if (const auto loaded = dmarc::load_public_suffixes(migration->options.dmarc); !loaded) {
    return complain("migrate", {exit_failure, "dmarc.public_suffix_list: " + loaded.error()});
  }
  look_at_keys(migration->options, migration->notes);
  if (const auto written = write_out(arguments.output, migration->toml); !written) {
    return complain("migrate", written.error());
  }
  std::cerr << (arguments.format == "json" ? format_notes_json(migration->notes)
                                           : format_notes(migration->notes));
  return exit_success;
}

}  // namespace

void add_migrate(Command& sekisho) {
  Command command = sekisho.command(
      "migrate", "Convert the configuration of OpenDKIM, OpenDMARC, OpenARC or policyd-spf");
  Arguments& arguments = command.runs(run);
  migrate::Sources& sources = arguments.sources;
  command.option("--opendkim FILE", sources.opendkim, "Configuration of OpenDKIM");
  command.option("--opendkim-defaults FILE", sources.opendkim_defaults,
                 "File in /etc/default that sets the SOCKET of opendkim");
  command.option("--opendmarc FILE", sources.opendmarc, "Configuration of OpenDMARC");
  command.option("--openarc FILE", sources.openarc, "Configuration of OpenARC");
  command.option("--spf-policyd FILE", sources.spf_policyd, "Configuration of policyd-spf");
  command.option("--output FILE", arguments.output,
                 "Output file; an existing file is not overwritten");
  command.option("--socket SOCKET", sources.socket,
                 "Socket of Sekisho, instead of the one in these files");
  command.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
