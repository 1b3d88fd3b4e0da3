// Completions for shells, made from the declaration of the commands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools {

struct DescribedOption {
  std::string name;                ///< "--config"
  std::string value;               ///< "FILE"; empty: it takes none.
  std::vector<std::string> words;  ///< If the value is one of these.
  std::string help;
};

struct DescribedCommand {
  std::string path;  ///< "sekisho config show"
  std::string name;  ///< "show"
  std::string help;
  std::vector<DescribedOption> options;
  std::vector<DescribedCommand> commands;
};

/// The file with the completions of a program for "bash", "zsh" or "fish"; nullopt: another shell.
[[nodiscard]] std::optional<std::string> format_completion(std::string_view shell,
                                                           const DescribedCommand& program);

}  // namespace sekisho::tools
