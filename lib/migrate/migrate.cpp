#include "migrate/migrate.hpp"

#include "config/load.hpp"
#include "migrate/conversion.hpp"
#include "migrate/milter_options.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sekisho::migrate {

namespace {

constexpr const char* usual_socket = "inet:8891@127.0.0.1";

class Migrator {
 public:
  Migrator(const Sources& sources, const ReadFile& read_file)
      : sources_(sources), read_file_(read_file) {}

  std::expected<Migration, Problems> run() {
    if (!sources_.socket.empty()) {
      draft_.set("socket", quoted(sources_.socket), {"--socket", sources_.socket, {}});
    }
    // Where two of them say different things, the first has its way.
    convert(opendkim(), sources_.opendkim);
    convert(opendmarc(), sources_.opendmarc);
    convert(openarc(), sources_.openarc);
    convert(policyd_spf(), sources_.spf_policyd);
    std::ranges::copy(draft_.problems(), std::back_inserter(problems_));
    if (!problems_.empty()) {
      return std::unexpected(std::move(problems_));
    }
    add_defaults();
    return finish();
  }

 private:
  void convert(const Program& program, const std::string& path) {
    if (path.empty()) {
      return;
    }
    files_.push_back(path);
    auto statements = read_statements(path, program.notation, read_file_);
    if (!statements) {
      std::ranges::copy(statements.error(), std::back_inserter(problems_));
      return;
    }
    if (&program == &opendkim()) {
      add_socket_of_defaults(*statements);
    }
    Conversion(program, *statements, {sources_.has_postfix, sources_.has_syslog}, read_file_,
               draft_)
        .run();
    draft_.note(NoteKind::by_hand, {"", "", {path, 0}}, std::string(program.farewell));
  }

  // Of /etc/default/opendkim only SOCKET is asked for.
  void add_socket_of_defaults(std::vector<Statement>& statements) {
    const std::string& path = sources_.opendkim_defaults;
    if (path.empty()) {
      return;
    }
    files_.push_back(path);
    const auto text = read_file_(path);
    if (!text) {
      problems_.push_back(printable(path) + ": " + text.error());
      return;
    }
    const auto variables = parse_shell_variables(*text, path);
    if (!variables) {
      std::ranges::copy(variables.error(), std::back_inserter(problems_));
      return;
    }
    std::ranges::copy_if(*variables, std::back_inserter(statements),
                         [](const Statement& variable) { return variable.name == "SOCKET"; });
  }

  void add_defaults() {
    add_defaults_of(opendkim(), sources_.opendkim);
    add_defaults_of(opendmarc(), sources_.opendmarc);
    add_defaults_of(policyd_spf(), sources_.spf_policyd);
    for (const Default& one : opendmarc().defaults) {
      draft_.set_default(std::string(one.option), std::string(one.value),
                         "nothing enforced DMARC without OpenDMARC");
    }
    if (draft_.value_of("policy.multiple_from") == quoted(std::string("accept"))) {
      draft_.note(NoteKind::by_hand, {"policy", "", {}},
                  "mail without one readable author is let in, as before; without the lines of "
                  "[policy] that say accept it is refused");
    }
    if (!draft_.has("socket")) {
      draft_.set_default("socket", quoted(std::string(usual_socket)), "none was configured");
      draft_.note(NoteKind::by_hand, {"socket", "", {}},
                  "none was configured; the MTA finds Sekisho at " + std::string(usual_socket));
    }
  }
  void add_defaults_of(const Program& program, const std::string& path) {
    if (path.empty()) {
      return;
    }
    const bool signs = draft_.value_of("role") != quoted(std::string("inbound"));
    for (const Default& one : program.defaults) {
      if (!signs && one.option.starts_with("signing.")) {
        continue;
      }
      draft_.set_default(std::string(one.option), std::string(one.value), std::string(one.words));
    }
  }

  std::expected<Migration, Problems> finish() {
    Migration migration;
    migration.toml = write_toml(draft_, files_);
    auto options = config::parse(migration.toml, "the result");
    if (!options) {
      for (const config::Problem& problem : options.error()) {
        problems_.push_back(problem.message);
      }
      return std::unexpected(std::move(problems_));
    }
    migration.options = *std::move(options);
    migration.notes = draft_.notes();
    std::ranges::stable_sort(migration.notes, {}, &Note::kind);
    return migration;
  }

  const Sources& sources_;
  const ReadFile& read_file_;
  Draft draft_;
  std::vector<std::string> files_;
  Problems problems_;
};

}  // namespace

std::expected<Migration, Problems> migrate(const Sources& sources, const ReadFile& read_file) {
  return Migrator(sources, read_file).run();
}

}  // namespace sekisho::migrate
