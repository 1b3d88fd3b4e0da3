#include "milter/process/privileges.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <cap-ng.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace sekisho::milter {

namespace {

// Enough for an entry of the databases of users and groups, a large group included.
using EntryText = std::array<char, 65'536>;

std::unexpected<std::string> failure(const std::string& what) {
  return std::unexpected(what + ": " + std::generic_category().message(errno));
}

std::unexpected<std::string> not_found(const std::string& kind, const std::string& name,
                                       int error) {
  return std::unexpected(error == 0 ? "there is no " + kind + " " + name + " on this host"
                                    : "the " + kind + " " + name + ": " +
                                          std::generic_category().message(error));
}

}  // namespace

std::expected<Identity, std::string> find_identity(const std::string& name) {
  EntryText text{};
  passwd entry{};
  passwd* found = nullptr;
  const int error = getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  if (found == nullptr) {
    return not_found("user", name, error);
  }
  return Identity{name, entry.pw_uid, entry.pw_gid};
}

std::expected<gid_t, std::string> find_group(const std::string& name) {
  EntryText text{};
  group entry{};
  group* found = nullptr;
  const int error = getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  if (found == nullptr) {
    return not_found("group", name, error);
  }
  return entry.gr_gid;
}

bool is_root() {
  return geteuid() == 0;
}

std::expected<void, std::string> renounce_capabilities() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0) {
    return failure("no_new_privs");
  }
  // Where there are none, as in a sandbox, the call that gives them up may be forbidden, too.
  if (capng_get_caps_process() == 0 && capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE) {
    return {};
  }
  capng_clear(CAPNG_SELECT_CAPS);
  if (capng_apply(CAPNG_SELECT_CAPS) != 0) {
    return std::unexpected("the capabilities cannot be given up");
  }
  return {};
}

std::expected<void, std::string> become(const Identity& identity) {
  if (!is_root()) {
    if (geteuid() != identity.user) {
      return std::unexpected("only root can become " + identity.name);
    }
    return renounce_capabilities();
  }
  capng_clear(CAPNG_SELECT_ALL);
  // initgroups() through libcap-ng is for the user that the database has under the number, which
  // need not be the name that was asked for.
  if (initgroups(identity.name.c_str(), identity.group) != 0) {
    return failure("the groups of " + identity.name);
  }
  // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): bits, as the library has them
  constexpr auto all = static_cast<capng_flags_t>(CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT);
  if (const int error =
          capng_change_id(static_cast<int>(identity.user), static_cast<int>(identity.group), all);
      error != 0) {
    return std::unexpected("cannot become " + identity.name + " (step " + std::to_string(-error) +
                           " of libcap-ng)");
  }
  if (identity.user != 0 && setuid(0) == 0) {
    return std::unexpected("became " + identity.name + ", and could become root again");
  }
  return renounce_capabilities();
}

}  // namespace sekisho::milter
