// Who would sign for an author, by tables of OpenDKIM: print_signers KEYTABLE SIGNINGTABLE
// first|all LOCAL_PART DOMAIN. A line each: d=, s=, i=, apart by tabs; problems go to standard
// error.
#include "keys/key_ring.hpp"

#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

int main(int argc, char** argv) {
  using namespace sekisho;
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() != 6) {
    return 2;
  }
  keys::Options options;
  options.key_table = arguments[1];
  options.signing_table = arguments[2];
  options.multiple_signatures = std::string_view(arguments[3]) == "all";
  std::vector<std::string> problems;
  const auto ring = keys::KeyRing::load(options, problems);
  for (const std::string& problem : problems) {
    std::cerr << problem << '\n';
  }
  if (!ring) {
    std::cerr << ring.error() << '\n';
    return 0;
  }
  const mail::Mailbox author{arguments[4], arguments[5], mail::Domain::parse(arguments[5])};
  for (const auto& [key, auid] : (*ring)->find(author)) {
    std::cout << key->domain.text() << '\t' << key->selector << '\t' << auid << '\n';
  }
  return 0;
}
