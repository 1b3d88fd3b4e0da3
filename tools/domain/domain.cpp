#include "tools/cli/subcommands.hpp"

namespace sekisho::tools {

void add_domain(Command& sekisho) {
  Command domain = sekisho.command("domain", "Check the mail records of domains");
  add_domain_check(domain);
}

}  // namespace sekisho::tools
