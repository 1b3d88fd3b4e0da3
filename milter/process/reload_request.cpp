#include "milter/process/reload_request.hpp"

#include "mail/line_ends.hpp"
#include "milter/monitor/datagram.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <system_error>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace sekisho::milter {

namespace {

constexpr std::size_t most_octets = 8'192;
constexpr std::array kinds{ReloadAnswer::Kind::reloaded, ReloadAnswer::Kind::restart_needed,
                           ReloadAnswer::Kind::refused};

std::string name_for(pid_t requester) {
  return "@sekishod-reload-" + std::to_string(requester);
}

std::unexpected<std::string> failure(const std::string& what) {
  return std::unexpected(what + ": " + std::generic_category().message(errno));
}

/// Binds to the abstract name that the daemon answers to.
bool bind_to(int descriptor, const std::string& name, std::chrono::seconds patience) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  name.copy(std::data(address.sun_path), sizeof address.sun_path);
  address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  timeval timeout{};
  timeout.tv_sec = patience.count();
  return setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0 &&
         bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0;
}

std::expected<ReloadAnswer, std::string> ask(int descriptor, pid_t daemon,
                                             std::chrono::seconds patience) {
  if (!bind_to(descriptor, name_for(getpid()), patience)) {
    return failure("a socket for the answer");
  }
  if (sigqueue(daemon, SIGUSR1, sigval{}) != 0) {
    return failure("the process " + std::to_string(daemon));
  }
  std::string text(most_octets, '\0');
  const ssize_t count = recv(descriptor, text.data(), text.size(), 0);
  if (count < 0 && errno == EAGAIN) {
    return std::unexpected("the process " + std::to_string(daemon) + " gave no answer within " +
                           std::to_string(patience.count()) + " s; its log has the answer");
  }
  if (count < 0) {
    return failure("the answer");
  }
  text.resize(static_cast<std::size_t>(count));
  return decode_answer(text);
}

}  // namespace

std::expected<ReloadAnswer, std::string> request_reload(pid_t daemon,
                                                        std::chrono::seconds patience) {
  const int descriptor = open_datagram_socket();
  if (descriptor < 0) {
    return failure("a socket for the answer");
  }
  auto answer = ask(descriptor, daemon, patience);
  close(descriptor);
  return answer;
}

void answer_reload(pid_t requester, const ReloadAnswer& answer) {
  const int descriptor = open_datagram_socket();
  if (descriptor >= 0) {
    static_cast<void>(send_datagram(descriptor, name_for(requester), encode_answer(answer)));
    close(descriptor);
  }
}

std::string encode_answer(const ReloadAnswer& answer) {
  std::string text(1, static_cast<char>('0' + static_cast<int>(answer.kind)));
  for (const std::string& line : answer.lines) {
    text += line + "\n";
  }
  text.resize(std::min(text.size(), most_octets));
  return text;
}

std::expected<ReloadAnswer, std::string> decode_answer(const std::string& text) {
  for (const ReloadAnswer::Kind kind : kinds) {
    if (text.starts_with(static_cast<char>('0' + static_cast<int>(kind)))) {
      return ReloadAnswer{kind, mail::lines_of(text.substr(1))};
    }
  }
  return std::unexpected("the answer is none of a daemon");
}

}  // namespace sekisho::milter
