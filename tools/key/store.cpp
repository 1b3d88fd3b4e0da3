#include "tools/key/store.hpp"

#include "keys/key_choice.hpp"
#include "keys/key_file.hpp"
#include "tools/cli/new_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <string.h>  // NOLINT(modernize-deprecated-headers): explicit_bzero
#include <sys/stat.h>

#include <fmt/chrono.h>
#include <fmt/core.h>

namespace sekisho::tools {

namespace {

constexpr std::string_view key_suffix = ".pem";
constexpr std::string_view retired_suffix = ".retired";

std::unexpected<Refusal> refuse(const std::string& path, int error) {
  return std::unexpected(
      Refusal{exit_failure, path + ": " + std::system_category().message(error)});
}

std::optional<std::chrono::sys_seconds> read_retired(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::int64_t seconds = 0;
  if (!std::getline(file, text)) {
    return std::nullopt;
  }
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return error == std::errc{}
             ? std::optional(std::chrono::sys_seconds(std::chrono::seconds(seconds)))
             : std::nullopt;
}

std::chrono::sys_time<std::chrono::nanoseconds> time_of(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    return {};
  }
  return std::chrono::sys_time<std::chrono::nanoseconds>(
      std::chrono::seconds(status.st_mtim.tv_sec) +
      std::chrono::nanoseconds(status.st_mtim.tv_nsec));
}

}  // namespace

std::expected<std::string, Refusal> key_folder(const std::string& named) {
  if (named.empty()) {
    return std::string(default_key_folder);
  }
  std::error_code error;
  if (std::filesystem::is_directory(named, error)) {
    return named;
  }
  const std::string why = error ? error.message() : "Not a directory";
  return std::unexpected(Refusal{
      exit_failure, "--dir " + named + ": " + why + "; create the folder first (mkdir -m 700)"});
}

KeyStore::KeyStore(std::string folder, mail::Domain domain)
    : folder_(std::move(folder) + "/" + domain.text()), domain_(std::move(domain)) {}

std::string KeyStore::file_of(std::string_view selector) const {
  return folder_ + "/" + std::string(selector) + std::string(key_suffix);
}

std::expected<std::vector<StoredKey>, Refusal> KeyStore::list() const {
  std::vector<StoredKey> keys;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder_, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    const std::string selector = entries->path().stem().string();
    if (!name.ends_with(key_suffix) || !keys::is_selector(selector)) {
      continue;
    }
    std::string file = file_of(selector);
    auto key = keys::read_key_file(file, false);
    if (!key) {
      return std::unexpected(Refusal{exit_failure, key.error()});
    }
    const auto made = time_of(file);
    const auto retired = read_retired(folder_ + "/" + selector + std::string(retired_suffix));
    keys.push_back({std::move(file),
                    std::make_shared<const dkim::SigningKey>(domain_, selector, *std::move(key)),
                    made, retired});
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return refuse(folder_, error.value());
  }
  std::ranges::sort(keys, std::ranges::greater(), [](const StoredKey& stored) {
    return std::pair(stored.made, stored.key->selector);
  });
  return keys;
}

std::string KeyStore::free_selector(crypto::KeyType type, std::chrono::sys_seconds now) const {
  const std::string month = fmt::format("{:%Y%m}", now);
  const std::string_view kind = type == crypto::KeyType::rsa ? "-rsa" : "-ed25519";
  std::string selector = month + std::string(kind);
  const auto is_taken = [&] {
    return std::filesystem::exists(file_of(selector)) ||
           std::filesystem::exists(folder_ + "/" + selector + std::string(retired_suffix));
  };
  for (int next = 2; is_taken(); ++next) {
    selector = month + "-" + std::to_string(next) + std::string(kind);
  }
  return selector;
}

std::expected<std::string, Refusal> KeyStore::write(const dkim::SigningKey& key) const {
  const auto folder = OpenFolder::open(folder_);
  if (!folder) {
    return std::unexpected(folder.error());
  }
  std::string pem = key.key.pem();
  const auto written =
      folder->write_new_file(key.selector + std::string(key_suffix), pem, S_IRUSR | S_IWUSR);
  explicit_bzero(pem.data(), pem.size());
  if (!written) {
    return std::unexpected(written.error());
  }
  return file_of(key.selector);
}

std::expected<void, Refusal> KeyStore::retire(const StoredKey& key,
                                              std::chrono::sys_seconds now) const {
  const auto folder = OpenFolder::open(folder_);
  if (!folder) {
    return std::unexpected(folder.error());
  }
  return folder->write_new_file(
      key.key->selector + std::string(retired_suffix),
      fmt::format("{}\n{:%Y-%m-%d %H:%M:%S} UTC\n", now.time_since_epoch().count(), now),
      S_IRUSR | S_IWUSR);
}

}  // namespace sekisho::tools
