// The command line as the subcommands declare it: commands, their options and arguments, and the
// work that they stand for. CLI11 reads it, and only command_line.cpp knows of that: whatever
// includes CLI11 takes ten seconds more to compile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sekisho::tools {

/// An option or argument that was declared; the CommandLine owns what it stands for.
class Declared {
 public:
  explicit Declared(CLI::Option& option) : option_(&option) {}

  /// Without it the command line is refused.
  void required();
  /// Help prints what the variable holds before the command line is read.
  void shows_default();

 private:
  CLI::Option* option_;
};

/// What a number may be, both ends in it.
template <typename Number>
struct Range {
  Number least;
  Number most;
};

/// A command, to which its options and arguments are added in the order in which help shows them.
/// What the command line says goes into the variables named, which stay as they are where it says
/// nothing. `usage` is an option as manuals write it, `--config FILE`; where the value has no name,
/// help tells its type.
class Command {
 public:
  Command(CLI::App& app, int& status) : app_(&app), status_(&status) {}

  /// A command below this one. Where there are such, one of them must be given.
  [[nodiscard]] Command command(const std::string& name, const std::string& help);

  /// Has `work` called once the command line was read and has chosen this command; it returns the
  /// exit status. Gives the arguments that `work` will see, for options to fill.
  template <typename Arguments>
  [[nodiscard]] Arguments& runs(int (*work)(const Arguments&)) {
    auto arguments = std::make_shared<Arguments>();
    when_chosen([arguments, work] { return work(*arguments); });
    return *arguments;
  }

  void flag(const std::string& name, bool& value, const std::string& help);
  Declared option(std::string_view usage, std::string& value, const std::string& help);
  void option(std::string_view usage, std::optional<std::string>& value, const std::string& help);
  /// May be repeated, with one value each time.
  void option(std::string_view usage, std::vector<std::string>& values, const std::string& help);
  /// One of `words`.
  void choice(std::string_view usage, std::string& value, std::vector<std::string> words,
              const std::string& help);
  void number(std::string_view usage, std::size_t& value, const std::string& help);
  void number(std::string_view usage, std::size_t& value, Range<std::size_t> range,
              const std::string& help);
  void number(std::string_view usage, std::optional<std::int64_t>& value, Range<std::int64_t> range,
              const std::string& help);
  void number(std::string_view usage, double& value, Range<double> range, const std::string& help);

  /// Told by its place; `name` is for help alone.
  Declared argument(const std::string& name, std::string& value, const std::string& help);
  /// All that are left.
  Declared argument(const std::string& name, std::vector<std::string>& values,
                    const std::string& help);

 private:
  void when_chosen(std::function<int()> work);

  CLI::App* app_;
  int* status_;
};

/// A program with its commands. Commands and what they declare borrow from it.
class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& help, const std::string& version);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

  [[nodiscard]] Command& program() { return program_; }

  /// Reads the arguments of main() and has the command that they choose do its work. Returns the
  /// exit status; for a command line that cannot be understood that of usage, after having said why
  /// on standard error.
  [[nodiscard]] int run(int argc, const char* const* argv);

 private:
  int status_;
  std::unique_ptr<CLI::App> app_;
  Command program_;
};

}  // namespace sekisho::tools
