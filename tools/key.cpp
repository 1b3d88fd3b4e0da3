#include "tools/key.hpp"

namespace sekisho::tools {

void add_key(CLI::App& app, int& status) {
  CLI::App* key = app.add_subcommand("key", "Make, show, check and rotate keys");
  key->require_subcommand(1);
  add_key_generate(*key, status);
  add_key_show(*key, status);
  add_key_check(*key, status);
  add_key_rotate(*key, status);
}

}  // namespace sekisho::tools
