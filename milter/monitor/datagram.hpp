// Datagrams to a local socket, as systemd and its journal take them.
#pragma once

#include <string_view>

namespace sekisho::milter {

/// Of AF_UNIX, or -1. The caller closes it.
[[nodiscard]] int open_datagram_socket();

/// `name` is a path or, after "@", an abstract name (unix(7)). False: nobody took it, or the name
/// is empty or too long.
[[nodiscard]] bool send_datagram(int descriptor, std::string_view name, std::string_view text);

}  // namespace sekisho::milter
