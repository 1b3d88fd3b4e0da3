#include "tools/cli/subcommands.hpp"
#include "tools/key/rotation_change.hpp"
#include "tools/key/rotation_run.hpp"
#include "tools/key/rotation_text.hpp"

#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

namespace sekisho::tools {

namespace {

struct Arguments {
  RotationArguments rotation;
  std::size_t bits = 2048;
  bool go = false;
  bool dry_run = false;
};

int run(const Arguments& arguments) {
  auto rotation = look_at_rotation(arguments.rotation, "key rotate");
  if (!rotation) {
    return complain("key rotate", rotation.error());
  }
  const bool acts = arguments.go && !arguments.dry_run;
  const std::vector<RotationChange> changes = plan_changes(*rotation, arguments.bits);
  if (acts) {
    if (const auto applied = apply_changes(changes, *rotation); !applied) {
      return complain("key rotate", applied.error());
    }
  }
  const std::vector<RotatedKey> keys = rotation->all_keys();
  std::cout << (arguments.rotation.format == "json"
                    ? format_rotation_json(rotation->domain, keys, &changes, acts)
                    : format_rotation_text(keys) + format_changes(changes, acts));
  return exit_success;
}

}  // namespace

void add_key_rotate(Command& key) {
  Command rotate =
      key.command("rotate", "Replace a key step by step; without --go, say what would be changed");
  Arguments& arguments = rotate.runs(run);
  add_rotation_options(rotate, arguments.rotation);
  rotate.number("--bits", arguments.bits,
                {crypto::PrivateKey::min_rsa_bits, crypto::PrivateKey::max_rsa_bits},
                "Minimum size of a new RSA key; default: 2048");
  rotate.flag("--go", arguments.go, "Make the changes");
  rotate.flag("--dry-run", arguments.dry_run, "Change nothing, even with --go");
}

}  // namespace sekisho::tools
