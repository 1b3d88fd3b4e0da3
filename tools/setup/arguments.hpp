// The command line of `sekisho setup`.
#pragma once

#include "tools/cli/configuration.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/key/store.hpp"

#include <string>
#include <vector>

namespace sekisho::tools::setup {

struct Arguments {
  std::vector<std::string> domains;
  bool yes = false;
  bool dry_run = false;
  bool undo = false;
  bool release = false;
  std::string config{default_configuration};
  std::string key_folder{default_key_folder};
  std::string postfix_folder;
  std::string authserv_id;
  std::vector<std::string> addresses;
  std::string report_address;
  bool tls_reporting = false;
  bool submission = false;
  bool enforce = false;
  bool no_test = false;
  std::string test_to;
  std::string log;
  DnsArguments dns;
  std::string format = "text";
};

}  // namespace sekisho::tools::setup
