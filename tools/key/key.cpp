#include "tools/cli/subcommands.hpp"

namespace sekisho::tools {

void add_key(Command& sekisho) {
  Command key = sekisho.command("key", "Create, show, check and rotate keys");
  add_key_generate(key);
  add_key_proof(key);
  add_key_show(key);
  add_key_check(key);
  add_key_status(key);
  add_key_rotate(key);
}

}  // namespace sekisho::tools
