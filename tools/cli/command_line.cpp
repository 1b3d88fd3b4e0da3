#include "tools/cli/command_line.hpp"

#include "config/suggestion.hpp"
#include "tools/cli/completion.hpp"
#include "tools/cli/exit_status.hpp"

#include <algorithm>
#include <iostream>
#include <optional>
#include <span>
#include <sstream>
#include <utility>

#include <CLI/CLI.hpp>

namespace sekisho::tools {

namespace {

constexpr std::string_view completion_option = "--completion";

template <typename Value>
CLI::Option& declare(CLI::App& app, std::string_view usage, Value& value, const std::string& help) {
  const std::size_t space = usage.find(' ');
  CLI::Option* const option = app.add_option(std::string(usage.substr(0, space)), value, help);
  if (space != std::string_view::npos) {
    option->type_name(std::string(usage.substr(space + 1)));
  }
  return *option;
}

template <typename Number>
CLI::Range check_of(Range<Number> range) {
  return {range.least, range.most};
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* const command : app.get_subcommands(nullptr)) {
    names.push_back(command->get_name());
  }
  return names;
}

/// A word in the place of a command that is none, and the one that is meant; empty: there is none
/// such. Programs and groups of commands have no options with a value.
std::string find_unknown_command(const CLI::App& program, std::span<const char* const> words) {
  const CLI::App* app = &program;
  std::string path = program.get_name();
  for (const std::string word : words) {
    const std::vector<std::string> names = commands_of(*app);
    if (names.empty() || word.starts_with('-')) {
      return {};
    }
    if (std::ranges::find(names, word) == names.end()) {
      const std::string meant = config::suggest(word, names);
      return path + ": there is no command " + word +
             (meant.empty() ? "; see " + path + " --help"
                            : "; did you mean " + path + " " + meant + "?");
    }
    app = app->get_subcommand(word);
    path += " " + word;
  }
  return {};
}

/// Of the type that help shows, such as "TEXT:{text,json}".
std::vector<std::string> words_in(const std::string& type) {
  std::vector<std::string> words;
  const std::size_t begin = type.find(":{");
  if (begin == std::string::npos || !type.ends_with('}')) {
    return words;
  }
  std::istringstream list(type.substr(begin + 2, type.size() - begin - 3));
  for (std::string word; std::getline(list, word, ',');) {
    words.push_back(word);
  }
  return words;
}

DescribedCommand describe(const CLI::App& app, const std::string& path) {
  DescribedCommand command{.path = path,
                           .name = app.get_name(),
                           .help = app.get_description(),
                           .options = {},
                           .commands = {}};
  for (const CLI::Option* const option : app.get_options()) {
    if (option->get_lnames().empty()) {
      continue;
    }
    const std::string type = option->get_type_name();
    const bool is_flag = option->get_items_expected_max() == 0;
    command.options.push_back({.name = "--" + option->get_lnames().front(),
                               .value = is_flag ? "" : type.substr(0, type.find(':')),
                               .words = words_in(type),
                               .help = option->get_description()});
  }
  for (const CLI::App* const below : app.get_subcommands(nullptr)) {
    command.commands.push_back(describe(*below, path + " " + below->get_name()));
  }
  return command;
}

/// `--completion SHELL`: not a matter of CLI11, for which a command has to follow.
std::optional<int> print_completion(const CLI::App& app, std::span<const char* const> words) {
  if (words.size() != 2 || std::string_view(words[0]) != completion_option) {
    return std::nullopt;
  }
  const auto text = format_completion(words[1], describe(app, app.get_name()));
  if (!text) {
    std::cerr << completion_option << ": expected bash, zsh or fish\n";
    return exit_usage;
  }
  std::cout << *text;
  return std::cout.flush() ? exit_success : exit_failure;
}

}  // namespace

void Declared::required() {
  option_->required();
}

void Declared::shows_default() {
  option_->capture_default_str();
}

Command Command::command(const std::string& name, const std::string& help) {
  app_->require_subcommand(1);
  return {*app_->add_subcommand(name, help), *status_};
}

void Command::when_chosen(std::function<int()> work) {
  app_->callback([work = std::move(work), status = status_] { *status = work(); });
}

void Command::flag(const std::string& name, bool& value, const std::string& help) {
  app_->add_flag(name, value, help);
}

Declared Command::option(std::string_view usage, std::string& value, const std::string& help) {
  return Declared(declare(*app_, usage, value, help));
}

void Command::option(std::string_view usage, std::optional<std::string>& value,
                     const std::string& help) {
  declare(*app_, usage, value, help);
}

void Command::option(std::string_view usage, std::vector<std::string>& values,
                     const std::string& help) {
  declare(*app_, usage, values, help).allow_extra_args(false);
}

void Command::choice(std::string_view usage, std::string& value, std::vector<std::string> words,
                     const std::string& help) {
  declare(*app_, usage, value, help).check(CLI::IsMember(std::move(words)));
}

void Command::number(std::string_view usage, std::size_t& value, const std::string& help) {
  declare(*app_, usage, value, help).check(CLI::NonNegativeNumber);
}

void Command::number(std::string_view usage, std::size_t& value, Range<std::size_t> range,
                     const std::string& help) {
  declare(*app_, usage, value, help).check(check_of(range));
}

void Command::number(std::string_view usage, std::optional<std::int64_t>& value,
                     Range<std::int64_t> range, const std::string& help) {
  declare(*app_, usage, value, help).check(check_of(range));
}

void Command::number(std::string_view usage, double& value, Range<double> range,
                     const std::string& help) {
  declare(*app_, usage, value, help).check(check_of(range));
}

Declared Command::argument(const std::string& name, std::string& value, const std::string& help) {
  return Declared(*app_->add_option(name, value, help));
}

Declared Command::argument(const std::string& name, std::vector<std::string>& values,
                           const std::string& help) {
  return Declared(*app_->add_option(name, values, help));
}

CommandLine::CommandLine(const std::string& program, const std::string& help,
                         const std::string& version)
    : status_(exit_success),
      app_(std::make_unique<CLI::App>(help, program)),
      program_(*app_, status_) {
  app_->set_version_flag("--version", program + " " + version);
  app_->add_option(std::string(completion_option),
                   "Print the completions for bash, zsh or fish, and exit")
      ->type_name("SHELL");
  app_->failure_message(CLI::FailureMessage::simple);
}

CommandLine::~CommandLine() = default;

int CommandLine::run(int argc, const char* const* argv) {
  const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
  const auto given = words.subspan(words.empty() ? 0 : 1);
  if (const auto status = print_completion(*app_, given)) {
    return *status;
  }
  if (const auto unknown = find_unknown_command(*app_, given); !unknown.empty()) {
    std::cerr << unknown << '\n';
    return exit_usage;
  }
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app_->exit(error) == 0 ? exit_success : exit_usage;
  }
  return status_;
}

}  // namespace sekisho::tools
