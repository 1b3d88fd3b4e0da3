#include "tools/cli/command_line.hpp"

#include "tools/cli/exit_status.hpp"

#include <utility>

#include <CLI/CLI.hpp>

namespace sekisho::tools {

namespace {

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
  app_->failure_message(CLI::FailureMessage::simple);
}

CommandLine::~CommandLine() = default;

int CommandLine::run(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app_->exit(error) == 0 ? exit_success : exit_usage;
  }
  return status_;
}

}  // namespace sekisho::tools
