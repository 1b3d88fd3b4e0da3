#include "milter/monitor/datagram.hpp"

#include <cstddef>

#include <sys/socket.h>
#include <sys/un.h>

namespace sekisho::milter {

int open_datagram_socket() {
  return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

bool send_datagram(int descriptor, std::string_view name, std::string_view text) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (name.empty() || name.size() >= sizeof address.sun_path) {
    return false;
  }
  name.copy(address.sun_path, name.size());
  if (name.front() == '@') {
    address.sun_path[0] = '\0';
  }
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  return sendto(descriptor, text.data(), text.size(), MSG_NOSIGNAL,
                reinterpret_cast<const sockaddr*>(&address), size) >= 0;
}

}  // namespace sekisho::milter
