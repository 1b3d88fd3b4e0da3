#include "tools/config/faults.hpp"

namespace sekisho::tools {

namespace {

config::Fault missing(const char* option, const char* kind, const std::string& name) {
  return {option, std::string("there is no ") + kind + " " + name +
                      " on this host; correct the name, or create the " + kind};
}

}  // namespace

std::vector<config::Fault> find_identity_faults(const config::Options& options, const Host& host) {
  std::vector<config::Fault> faults;
  if (!options.user.empty() && !host.daemon) {
    faults.push_back(missing("user", "user", options.user));
  }
  if (!options.socket_owner.empty() && !host.person_of(options.socket_owner)) {
    faults.push_back(missing("socket_owner", "user", options.socket_owner));
  }
  if (!options.socket_group.empty() && !host.group_of(options.socket_group)) {
    faults.push_back(missing("socket_group", "group", options.socket_group));
  }
  return faults;
}

}  // namespace sekisho::tools
