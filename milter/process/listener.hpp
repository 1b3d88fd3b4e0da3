// The listening socket. Opened here and handed over as fd:N, which Debian's libmilter takes:
// libmilter itself tells the reason of a failure to syslog alone and removes no stale socket when
// it is root.
#pragma once

#include "config/socket.hpp"

#include <expected>
#include <optional>
#include <string>

#include <sys/types.h>

namespace sekisho::milter {

/// What a unix socket gets; nothing of it concerns the others.
struct Access {
  std::optional<uid_t> owner;  ///< None: who opens it.
  std::optional<gid_t> group;
  std::optional<gid_t> other_group;  ///< Where there is no `group`, and the folder gives none.
  mode_t mode = 0660;
  /// Other threads run: the umask, which is the whole process's, must stay. Until the socket is
  /// bound and has its mode, it has fewer permissions.
  bool keeps_umask = false;
};

/// A socket that listens. Its path, where it has one, is removed with it.
class Listener {
 public:
  /// A path that is left over from a process that is gone is replaced; one where somebody listens,
  /// or that is no socket, is an error. An error says what could not be done and why.
  [[nodiscard]] static std::expected<Listener, std::string> open(const config::Socket& socket,
                                                                 const Access& access);

  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&& other) noexcept;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// As the option `socket` has it, with the port that the kernel chose.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Removes the path now: nobody can connect any more, and another process may take the place.
  void remove_path();

 private:
  Listener(int descriptor, std::string name, std::string path);

  int descriptor_ = -1;
  std::string name_;
  std::string path_;  // empty: none, or removed
};

}  // namespace sekisho::milter
