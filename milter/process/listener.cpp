#include "milter/process/listener.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <utility>
#include <variant>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace sekisho::milter {

namespace {

using Opened = std::expected<int, std::string>;

/// An address of any family, as the socket functions take it.
struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

template <typename T>
Address address_from(const T& specific) {
  static_assert(sizeof(T) <= sizeof(sockaddr_storage));
  Address address;
  std::memcpy(&address.storage, &specific, sizeof specific);
  address.size = sizeof specific;
  return address;
}

Address address_of(const config::UnixSocket& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.path.copy(std::data(address.sun_path), sizeof address.sun_path - 1);
  return address_from(address);
}

Address address_of(const config::InetSocket& socket) {
  const auto& octets = socket.address.octets();
  if (socket.address.is_v6()) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(socket.port);
    std::memcpy(&address.sin6_addr, octets.data(), sizeof address.sin6_addr);
    return address_from(address);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(socket.port);
  std::memcpy(&address.sin_addr, octets.data(), sizeof address.sin_addr);
  return address_from(address);
}

std::string reason(int error = errno) {
  return std::generic_category().message(error);
}

/// Binds and listens; 0, or the error.
int listen_at(int descriptor, const Address& address) {
  if (bind(descriptor, address.get(), address.size) != 0 || listen(descriptor, SOMAXCONN) != 0) {
    return errno;
  }
  return 0;
}

/// `mode` is for a socket with a path: what it has when it is bound, its path has, too.
Opened open_at(const Address& address, mode_t mode = 0) {
  const int descriptor = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    return std::unexpected(reason());
  }
  static_cast<void>(fchmod(descriptor, mode));
  const int on = 1;
  static_cast<void>(setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
  if (const int error = listen_at(descriptor, address); error != 0) {
    close(descriptor);
    return std::unexpected(reason(error));
  }
  return descriptor;
}

/// Why a path that is taken must stay; empty: nobody listens there, it may go.
std::string find_owner(const std::string& path, const Address& address) {
  struct stat status{};
  if (lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode)) {
    return "it exists and is no socket";
  }
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) {
    return reason();
  }
  const bool answered = connect(probe, address.get(), address.size) == 0;
  const int error = errno;
  close(probe);
  if (answered) {
    return "another process listens there";
  }
  return error == ECONNREFUSED || error == ENOENT ? "" : reason(error);
}

/// So that the socket has its permissions from the first moment on. umask() is the whole process's,
/// which has no other thread yet.
class PlainUmask {
 public:
  explicit PlainUmask(bool is_wanted) : is_wanted_(is_wanted), before_(is_wanted ? umask(0) : 0) {}
  PlainUmask(const PlainUmask&) = delete;
  PlainUmask(PlainUmask&&) = delete;
  PlainUmask& operator=(const PlainUmask&) = delete;
  PlainUmask& operator=(PlainUmask&&) = delete;
  ~PlainUmask() {
    if (is_wanted_) {
      umask(before_);
    }
  }

 private:
  bool is_wanted_;
  mode_t before_;
};

/// A folder with the set-group-ID bit has given its own.
gid_t group_for(const struct stat& status, const Access& access) {
  if (access.group) {
    return *access.group;
  }
  return status.st_gid == getegid() ? access.other_group.value_or(status.st_gid) : status.st_gid;
}

/// Gives a socket to its owner: the socket that is there now, whatever comes to its path.
std::expected<void, std::string> give(const std::string& path, const Access& access) {
  if (!access.owner && !access.group && !access.other_group) {
    return {};
  }
  const int place = open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  struct stat status{};
  if (place < 0 || fstat(place, &status) != 0 || !S_ISSOCK(status.st_mode)) {
    const std::string why = place < 0 ? reason() : "another file has taken its place";
    close(place);
    return std::unexpected(why);
  }
  // What is right already is not named: in a user namespace (PrivateUsers= of systemd) a group of
  // the host has no number, and would be refused.
  const uid_t owner = access.owner.value_or(status.st_uid);
  const gid_t group = group_for(status, access);
  const int given =
      fchownat(place, "", owner == status.st_uid ? static_cast<uid_t>(-1) : owner,
               group == status.st_gid ? static_cast<gid_t>(-1) : group, AT_EMPTY_PATH);
  const std::string why = given == 0 ? "" : "its owner or group: " + reason();
  close(place);
  return why.empty() ? std::expected<void, std::string>{} : std::unexpected(why);
}

Opened open_path(const config::UnixSocket& socket, const Access& access) {
  const Address address = address_of(socket);
  struct stat status{};
  if (lstat(socket.path.c_str(), &status) == 0) {
    if (const std::string owner = find_owner(socket.path, address); !owner.empty()) {
      return std::unexpected(owner);
    }
    unlink(socket.path.c_str());
  }
  const PlainUmask umask(!access.keeps_umask);
  const Opened opened = open_at(address, access.mode);
  if (!opened) {
    return opened;
  }
  if (access.keeps_umask && chmod(socket.path.c_str(), access.mode) != 0) {
    const std::string why = reason();
    close(*opened);
    unlink(socket.path.c_str());
    return std::unexpected(why);
  }
  if (const auto given = give(socket.path, access); !given) {
    close(*opened);
    unlink(socket.path.c_str());
    return std::unexpected(given.error());
  }
  return opened;
}

Opened check_inherited(int descriptor) {
  int listening = 0;
  socklen_t size = sizeof listening;
  if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0) {
    return std::unexpected(reason());
  }
  if (listening == 0) {
    return std::unexpected("it does not listen");
  }
  return descriptor;
}

std::uint16_t port_of(int descriptor) {
  Address address;
  address.size = sizeof address.storage;
  sockaddr_in inet{};  // the port is at the same place in both families
  if (getsockname(descriptor, address.get(), &address.size) != 0) {
    return 0;
  }
  std::memcpy(&inet, &address.storage, sizeof inet);
  return ntohs(inet.sin_port);
}

std::string name_of(const config::InetSocket& socket, int descriptor) {
  return (socket.address.is_v6() ? "inet6:" : "inet:") + std::to_string(port_of(descriptor)) + "@" +
         socket.address.text();
}

std::unexpected<std::string> failure(const std::string& name, const std::string& why) {
  return std::unexpected("cannot listen at " + name + ": " + why);
}

}  // namespace

std::expected<Listener, std::string> Listener::open(const config::Socket& socket,
                                                    const Access& access) {
  if (const auto* unix_socket = std::get_if<config::UnixSocket>(&socket)) {
    const std::string name = "unix:" + unix_socket->path;
    const Opened opened = open_path(*unix_socket, access);
    return opened ? std::expected<Listener, std::string>(Listener(*opened, name, unix_socket->path))
                  : failure(name, opened.error());
  }
  if (const auto* inet = std::get_if<config::InetSocket>(&socket)) {
    const Opened opened = open_at(address_of(*inet));
    return opened ? std::expected<Listener, std::string>(
                        Listener(*opened, name_of(*inet, *opened), ""))
                  : failure("port " + std::to_string(inet->port) + " of " + inet->address.text(),
                            opened.error());
  }
  const int inherited = std::get<config::InheritedSocket>(socket).descriptor;
  const std::string name = "fd:" + std::to_string(inherited);
  const Opened checked = check_inherited(inherited);
  return checked ? std::expected<Listener, std::string>(Listener(*checked, name, ""))
                 : failure(name, checked.error());
}

Listener::Listener(int descriptor, std::string name, std::string path)
    : descriptor_(descriptor), name_(std::move(name)), path_(std::move(path)) {}

Listener::Listener(Listener&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      name_(std::move(other.name_)),
      path_(std::exchange(other.path_, {})) {}

Listener& Listener::operator=(Listener&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(name_, other.name_);
  std::swap(path_, other.path_);
  return *this;
}

Listener::~Listener() {
  remove_path();
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

void Listener::remove_path() {
  if (!path_.empty()) {
    unlink(path_.c_str());
    path_.clear();
  }
}

}  // namespace sekisho::milter
