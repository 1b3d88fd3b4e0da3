#include "keys/proof_keys.hpp"

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/hexadecimal.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ranges>
#include <span>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::keys {

namespace {

constexpr std::size_t max_file_octets = 16'384;
constexpr std::size_t kept_at_rotation = 2;
constexpr std::size_t id_octets = 4;

ProofKeys::Key key_of(std::vector<char> secret) {
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  digest.update("sekisho proof key id");
  digest.update({secret.data(), secret.size()});
  const crypto::Bytes hash = digest.finish();
  return {crypto::encode_hexadecimal(std::span(hash).first(id_octets)),
          SecretText(std::move(secret))};
}

std::vector<char> random_secret() {
  std::vector<char> secret(ProofKeys::secret_octets);
  arc4random_buf(secret.data(), secret.size());
  return secret;
}

std::string line_of(std::string_view secret) {
  return crypto::encode_base64(
             {reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size()}) +
         "\n";
}

std::unexpected<std::string> last_error(const std::string& path, const char* what) {
  return std::unexpected(path + ": " + what + ": " + std::system_category().message(errno));
}

/// A file beside the one that it is to become, removed unless it has become it.
class Draft {
 public:
  explicit Draft(const std::string& path) : path_(path + ".XXXXXX") {
    file_ = mkostemp(path_.data(), O_CLOEXEC);  // for its owner alone (mkstemp(3))
  }
  Draft(const Draft&) = delete;
  Draft(Draft&&) = delete;
  Draft& operator=(const Draft&) = delete;
  Draft& operator=(Draft&&) = delete;
  ~Draft() {
    if (file_ >= 0) {
      static_cast<void>(close(file_));
      static_cast<void>(unlink(path_.c_str()));
    }
  }

  [[nodiscard]] bool is_open() const { return file_ >= 0; }
  [[nodiscard]] int file() const { return file_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool write(std::string_view text) const {
    return ::write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
           fsync(file_) == 0;
  }

 private:
  std::string path_;
  int file_ = -1;
};

}  // namespace

ProofKeys ProofKeys::generate() {
  ProofKeys keys;
  keys.keys_.push_back(key_of(random_secret()));
  return keys;
}

std::expected<ProofKeys, std::string> ProofKeys::parse(std::string_view text) {
  ProofKeys keys;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = mail::trimmed<mail::is_folding_white_space>(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    const auto secret = crypto::decode_base64(line);
    if (!secret || secret->size() != secret_octets) {
      return std::unexpected("line " + std::to_string(number) + " is not " +
                             std::to_string(secret_octets) + " octets in base64");
    }
    if (keys.keys_.size() == max_keys) {
      return std::unexpected("has more than " + std::to_string(max_keys) + " keys");
    }
    keys.keys_.push_back(key_of({secret->begin(), secret->end()}));
  }
  if (keys.keys_.empty()) {
    return std::unexpected("holds no key");
  }
  return keys;
}

std::expected<ProofKeys, std::string> ProofKeys::read(const std::string& path) {
  const auto file = read_text_file(path, max_file_octets);
  if (!file) {
    return std::unexpected(path + ": cannot be read: " + file.error());
  }
  if (!file->is_private) {
    return std::unexpected(path + ": others than its owner have access; chmod 600 " + path);
  }
  auto keys = parse(file->text.view());
  if (!keys) {
    return std::unexpected(path + ": " + keys.error());
  }
  return keys;
}

const ProofKeys::Key* ProofKeys::find(std::string_view id) const {
  const auto found = std::ranges::find(keys_, id, &Key::id);
  return found == keys_.end() ? nullptr : &*found;
}

std::expected<void, std::string> create_proof_key_file(const std::string& path) {
  const Draft draft(path);
  if (!draft.is_open()) {
    return last_error(path, "cannot be created");
  }
  const ProofKeys keys = ProofKeys::generate();
  if (!draft.write(line_of(keys.newest().secret.view()))) {
    return last_error(path, "cannot be written");
  }
  if (link(draft.path().c_str(), path.c_str()) != 0 && errno != EEXIST) {
    return last_error(path, "cannot be created");
  }
  return {};
}

std::expected<void, std::string> rotate_proof_key_file(const std::string& path) {
  const auto before = ProofKeys::read(path);
  if (!before) {
    return std::unexpected(before.error());
  }
  struct stat status{};
  const Draft draft(path);
  if (!draft.is_open() || stat(path.c_str(), &status) != 0 ||
      fchown(draft.file(), status.st_uid, status.st_gid) != 0) {
    return last_error(path, "cannot be replaced");
  }
  std::string text = line_of(ProofKeys::generate().newest().secret.view());
  for (const ProofKeys::Key& key : before->all() | std::views::take(kept_at_rotation)) {
    text += line_of(key.secret.view());
  }
  if (!draft.write(text) || rename(draft.path().c_str(), path.c_str()) != 0) {
    return last_error(path, "cannot be replaced");
  }
  return {};
}

}  // namespace sekisho::keys
