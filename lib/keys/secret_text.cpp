#include "keys/secret_text.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::keys {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      static_cast<void>(close(number_));
    }
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

bool is_private(const struct stat& status) {
  return (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

std::unexpected<std::string> last_error() {
  return std::unexpected(std::system_category().message(errno));
}

// One octet more than the limit shows that the file is too large.
std::expected<std::vector<char>, std::string> read_up_to(int file, std::size_t max_octets) {
  constexpr std::size_t step = 65'536;
  std::vector<char> text;
  text.reserve(max_octets + 1 < step ? max_octets + 1 : step);
  std::size_t size = 0;
  while (size <= max_octets) {
    // A vector that grows leaves its old memory unwiped; a key file fits into the first step.
    text.resize(std::min(size + step, max_octets + 1));
    const ssize_t count = read(file, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return last_error();
    }
    if (count == 0) {
      break;
    }
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

}  // namespace

SecretText::~SecretText() {
  if (!text_.empty()) {
    explicit_bzero(text_.data(), text_.size());
  }
}

std::optional<FileLook> look_at_file(const std::string& path) {
  struct stat status{};
  if (faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0 ||
      stat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  std::string version;
  for (const auto number :
       {std::intmax_t(status.st_dev), std::intmax_t(status.st_ino), std::intmax_t(status.st_size),
        std::intmax_t(status.st_mtim.tv_sec), std::intmax_t(status.st_mtim.tv_nsec),
        std::intmax_t(status.st_ctim.tv_nsec)}) {
    version += std::to_string(number) + ".";
  }
  return FileLook{S_ISREG(status.st_mode), is_private(status), status.st_uid, std::move(version)};
}

std::expected<FileText, std::string> read_text_file(const std::string& path,
                                                    std::size_t max_octets) {
  // Non-blocking, so that a FIFO in the file's place holds nothing up.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status{};
  if (file.number() < 0 || fstat(file.number(), &status) != 0) {
    return last_error();
  }
  if (!S_ISREG(status.st_mode)) {
    return std::unexpected("is not a regular file");
  }
  auto text = read_up_to(file.number(), max_octets);
  if (!text) {
    return std::unexpected(std::move(text.error()));
  }
  SecretText secret(std::move(*text));
  if (secret.view().size() > max_octets) {
    return std::unexpected("is larger than " + std::to_string(max_octets) + " octets");
  }
  return FileText{std::move(secret), is_private(status)};
}

}  // namespace sekisho::keys
