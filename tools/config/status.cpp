#include "config/socket.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/config/status_text.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <expected>
#include <iostream>
#include <iterator>
#include <system_error>
#include <utility>
#include <variant>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string configuration = std::string(default_configuration);
  std::string socket;  // empty: the one that the configuration names
  std::string format = "text";
};

std::string reason() {
  return std::generic_category().message(errno);
}

/// A connection to a unix socket, closed with its object.
class Connection {
 public:
  explicit Connection(const std::string& path)
      : descriptor_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    timeval patience{};
    patience.tv_sec = 10;
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(std::data(address.sun_path), sizeof address.sun_path - 1);
    is_open_ =
        connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(descriptor_); }

  [[nodiscard]] bool is_open() const { return is_open_; }

  /// All up to the end; an error says why there is none.
  [[nodiscard]] std::expected<std::string, std::string> read_all() const {
    constexpr std::size_t longest = 1'048'576;
    std::string text;
    std::array<char, 4'096> chunk{};
    while (true) {
      const ssize_t size = read(descriptor_, chunk.data(), chunk.size());
      if (size == 0) {
        return text;
      }
      if (size < 0) {
        return std::unexpected(reason());
      }
      text.append(chunk.data(), static_cast<std::size_t>(size));
      if (text.size() > longest) {
        return std::unexpected("it does not stop talking");
      }
    }
  }

 private:
  int descriptor_;
  bool is_open_ = false;
};

// A daemon may well run while the file is not in order: that its reload was refused is what it
// would tell.
std::expected<std::string, Refusal> named_in(const std::string& configuration) {
  auto options = load_configuration(configuration);
  if (!options) {
    Refusal refusal = std::move(options).error();
    refusal.message += "\n--socket unix:PATH asks the daemon all the same";
    return std::unexpected(std::move(refusal));
  }
  if (options->control.socket.empty()) {
    return std::unexpected(Refusal{
        exit_failure, configuration + ": control.socket is empty: the daemon cannot be asked"});
  }
  return std::move(options->control.socket);
}

std::expected<std::string, Refusal> find_path(const Arguments& arguments) {
  const auto name = arguments.socket.empty()
                        ? named_in(arguments.configuration)
                        : std::expected<std::string, Refusal>(arguments.socket);
  if (!name) {
    return name;
  }
  const auto socket = config::parse_socket(*name);
  if (!socket || !std::holds_alternative<config::UnixSocket>(*socket)) {
    return std::unexpected(Refusal{exit_usage, "--socket " + *name + ": expected unix:PATH"});
  }
  return std::get<config::UnixSocket>(*socket).path;
}

std::expected<std::string, Refusal> ask(const std::string& path) {
  const Connection connection(path);
  if (!connection.is_open()) {
    return std::unexpected(Refusal{exit_failure, "no daemon answers at " + path + ": " + reason()});
  }
  auto answer = connection.read_all();
  if (!answer) {
    return std::unexpected(Refusal{exit_failure, path + ": " + answer.error()});
  }
  return *std::move(answer);
}

int print(const Arguments& arguments, const std::string& answer) {
  try {
    const auto document = nlohmann::ordered_json::parse(answer);
    std::cout << (arguments.format == "json" ? document.dump(2) + "\n"
                                             : format_status_text(document));
  } catch (const nlohmann::json::exception& error) {
    return complain("status", {exit_failure, std::string("not understood: ") + error.what()});
  }
  return std::cout.flush() ? exit_success
                           : complain("status", {exit_failure, "the output cannot be written"});
}

int run(const Arguments& arguments) {
  const auto path = find_path(arguments);
  if (!path) {
    return complain("status", path.error());
  }
  const auto answer = ask(*path);
  return answer ? print(arguments, *answer) : complain("status", answer.error());
}

}  // namespace

void add_status(Command& sekisho) {
  Command status = sekisho.command("status", "Show the state of a running daemon");
  Arguments& arguments = status.runs(run);
  status.option("--config FILE", arguments.configuration, "The daemon's configuration file")
      .shows_default();
  status.option("--socket SOCKET", arguments.socket,
                "Control socket, instead of the one in the file");
  status.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
