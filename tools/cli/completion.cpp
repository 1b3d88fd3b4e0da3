#include "tools/cli/completion.hpp"

#include <functional>

namespace sekisho::tools {

namespace {

using Visit = std::function<void(const DescribedCommand&)>;

/// A command and all below it.
void visit(const DescribedCommand& command, const Visit& each) {
  each(command);
  for (const DescribedCommand& below : command.commands) {
    visit(below, each);
  }
}

/// As the function of a program is named: bank-check → bank_check.
std::string identifier(std::string name) {
  for (char& c : name) {
    c = c == '-' ? '_' : c;
  }
  return name;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

/// In single quotes, for any of the shells.
std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

bool is_path(const std::string& value) {
  return value == "FILE" || value == "DIR" || value == "FOLDER";
}

// The commands are told apart by the words so far, without options.
std::string walk(const DescribedCommand& program, const std::string& words,
                 const std::string& first, const std::string& last) {
  std::string cases;
  visit(program, [&](const DescribedCommand& command) {
    if (command.path != program.path) {
      cases += (cases.empty() ? "" : "|") + quoted(command.path);
    }
  });
  return "  local at=" + program.name + " i\n  for ((i = " + first + "; i < " + last +
         "; i++)); do\n    case \"$at ${" + words + "[i]}\" in\n      " + cases + ") at=\"$at ${" +
         words + "[i]}\" ;;\n    esac\n  done\n";
}

std::string bash_values(const DescribedCommand& program) {
  std::string cases;
  visit(program, [&](const DescribedCommand& command) {
    for (const DescribedOption& option : command.options) {
      if (option.value.empty()) {
        continue;
      }
      const std::string flag = option.value == "FILE" ? "-f" : "-d";
      const std::string words =
          is_path(option.value)
              ? "compopt -o filenames; COMPREPLY=($(compgen " + flag + " -- \"$cur\"))"
              : "COMPREPLY=($(compgen -W " + quoted(joined(option.words)) + " -- \"$cur\"))";
      cases += "    " + quoted(command.path + " " + option.name) + ") " + words + "; return ;;\n";
    }
  });
  return cases;
}

std::string bash(const DescribedCommand& program) {
  std::string lists;
  visit(program, [&](const DescribedCommand& command) {
    std::vector<std::string> names;
    for (const DescribedCommand& below : command.commands) {
      names.push_back(below.name);
    }
    std::vector<std::string> options;
    for (const DescribedOption& option : command.options) {
      options.push_back(option.name);
    }
    lists += "    " + quoted(command.path) + ") commands=" + quoted(joined(names)) +
             " options=" + quoted(joined(options)) + " ;;\n";
  });
  const std::string function = "_" + identifier(program.name);
  return "# bash completion for " + program.name + "\n" + function +
         "() {\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} commands= "
         "options=\n" +
         walk(program, "COMP_WORDS", "1", "COMP_CWORD") +
         "  COMPREPLY=()\n  case \"$at $prev\" in\n" + bash_values(program) +
         "  esac\n  case $at in\n" + lists +
         "  esac\n"
         "  if [[ $cur == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
         "  elif [[ -n $commands ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\"))\n"
         "  else\n"
         "    compopt -o filenames\n"
         "    COMPREPLY=($(compgen -f -- \"$cur\"))\n"
         "  fi\n}\ncomplete -F " +
         function + " " + program.name + "\n";
}

/// `name:help`, as _describe takes it.
std::string described(std::string name, const std::string& help) {
  return quoted(name + ":" + help);
}

std::string zsh(const DescribedCommand& program) {
  std::string values;
  std::string lists;
  visit(program, [&](const DescribedCommand& command) {
    std::string names;
    for (const DescribedCommand& below : command.commands) {
      names += " " + described(below.name, below.help);
    }
    std::string options;
    for (const DescribedOption& option : command.options) {
      options += " " + described(option.name, option.help);
      if (!option.value.empty()) {
        values +=
            "    " + quoted(command.path + " " + option.name) + ") " +
            (is_path(option.value) ? std::string(option.value == "FILE" ? "_files" : "_files -/")
                                   : "compadd -- " + joined(option.words)) +
            "; return ;;\n";
      }
    }
    lists += "    " + quoted(command.path) + ") commands=(" + names + " ) options=(" + options +
             " ) ;;\n";
  });
  const std::string function = "_" + identifier(program.name);
  return "#compdef " + program.name + "\n" + function + "() {\n  local -a commands options\n" +
         walk(program, "words", "2", "CURRENT") + "  case \"$at ${words[CURRENT-1]}\" in\n" +
         values + "  esac\n  case $at in\n" + lists +
         "  esac\n"
         "  if [[ ${words[CURRENT]} == -* ]]; then\n"
         "    _describe option options\n"
         "  elif (( ${#commands} )); then\n"
         "    _describe command commands\n"
         "  else\n"
         "    _files\n"
         "  fi\n}\n" +
         function + " \"$@\"\n";
}

std::string fish(const DescribedCommand& program) {
  const std::string function = "__" + identifier(program.name) + "_at";
  std::string paths;
  std::string lines;
  visit(program, [&](const DescribedCommand& command) {
    paths += " " + quoted(command.path);
    const std::string start = "complete -c " + program.name + " -n " +
                              quoted("test (" + function + ") = \"" + command.path + "\"");
    for (const DescribedCommand& below : command.commands) {
      lines += start + " -f -a " + below.name + " -d " + quoted(below.help) + "\n";
    }
    for (const DescribedOption& option : command.options) {
      const std::string value = option.value.empty()    ? ""
                                : is_path(option.value) ? " -r -F"
                                                        : " -x -a " + quoted(joined(option.words));
      lines += start + " -l " + option.name.substr(2) + value + " -d " + quoted(option.help) + "\n";
    }
  });
  return "# fish completion for " + program.name + "\nfunction " + function + "\n  set -l at " +
         program.name +
         "\n  for word in (commandline -opc)[2..]\n"
         "    if contains -- \"$at $word\"" +
         paths + "\n      set at \"$at $word\"\n    end\n  end\n  echo $at\nend\n" + lines;
}

}  // namespace

std::optional<std::string> format_completion(std::string_view shell,
                                             const DescribedCommand& program) {
  if (shell == "bash") {
    return bash(program);
  }
  if (shell == "zsh") {
    return zsh(program);
  }
  if (shell == "fish") {
    return fish(program);
  }
  return std::nullopt;
}

}  // namespace sekisho::tools
