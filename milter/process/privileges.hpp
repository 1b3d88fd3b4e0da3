// Who the process is: started as root it becomes its user, and nobody can turn it back.
#pragma once

#include <expected>
#include <string>

#include <sys/types.h>

namespace sekisho::milter {

struct Identity {
  std::string name;
  uid_t user = 0;
  gid_t group = 0;  ///< Its primary one.
};

/// The user of this name. An error says what is wrong.
[[nodiscard]] std::expected<Identity, std::string> find_identity(const std::string& name);

/// The number of the group of this name.
[[nodiscard]] std::expected<gid_t, std::string> find_group(const std::string& name);

/// Becomes `identity` with its groups, for good: no capability is left, nor any way to get one
/// (no_new_privs). Whoever is not root can only become who he is. To be called before any thread is
/// started: the kernel keeps all this thread by thread.
[[nodiscard]] std::expected<void, std::string> become(const Identity& identity);

/// The part of it that needs no other user.
[[nodiscard]] std::expected<void, std::string> renounce_capabilities();

[[nodiscard]] bool is_root();

}  // namespace sekisho::milter
