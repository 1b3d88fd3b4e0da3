#include "tools/cli/subcommands.hpp"
#include "tools/key/rotation_run.hpp"
#include "tools/key/rotation_text.hpp"

#include <iostream>

namespace sekisho::tools {

namespace {

int run(const RotationArguments& arguments) {
  const auto rotation = look_at_rotation(arguments, "key status");
  if (!rotation) {
    return complain("key status", rotation.error());
  }
  const auto keys = rotation->all_keys();
  std::cout << (arguments.format == "json" ? format_rotation_json(rotation->domain, keys)
                                           : format_rotation_text(keys));
  return exit_success;
}

}  // namespace

void add_key_status(Command& key) {
  Command status = key.command("status", "Print the stage of each key and the next step");
  add_rotation_options(status, status.runs(run));
}

}  // namespace sekisho::tools
