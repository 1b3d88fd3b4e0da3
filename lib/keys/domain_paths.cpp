#include "keys/domain_paths.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace sekisho::keys {

namespace {

constexpr std::size_t max_directory_entries = 100'000;

// A path up to the first component with `%`, and that component around it.
struct Template {
  std::string directory;
  std::string before;
  std::string after;
};

std::optional<Template> split(const std::string& path) {
  const std::size_t percent = path.find('%');
  const std::size_t begin = path.rfind('/', percent) + 1;
  const std::size_t end = std::min(path.find('/', percent), path.size());
  Template parts{path.substr(0, begin), path.substr(begin, percent - begin),
                 path.substr(percent + 1, end - percent - 1)};
  return parts.after.contains('%') ? std::nullopt : std::optional(std::move(parts));
}

// What stands for `%` in the name of this entry of the directory.
std::string_view middle_of(std::string_view name, const Template& parts) {
  if (name.size() < parts.before.size() + parts.after.size() || !name.starts_with(parts.before) ||
      !name.ends_with(parts.after)) {
    return {};
  }
  name.remove_prefix(parts.before.size());
  name.remove_suffix(parts.after.size());
  return name;
}

}  // namespace

std::expected<KeyChoice::KeysByDomain, std::string> read_keys_by_domain(
    const std::string& path, KeyFiles& files, std::vector<std::string>& problems) {
  const auto parts = split(path);
  if (!parts) {
    return std::unexpected(path + ": % may stand once between two slashes");
  }
  std::error_code error;
  std::filesystem::directory_iterator entries(parts->directory, error);
  KeyChoice::KeysByDomain keys;
  std::size_t count = 0;
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (++count > max_directory_entries) {
      return std::unexpected(parts->directory + ": too many entries");
    }
    const std::string name = entries->path().filename().string();
    const std::string_view middle = middle_of(name, *parts);
    const auto domain = mail::Domain::parse(middle);
    const std::string file = with_percent(path, middle);
    std::error_code unused;
    if (!domain || !std::filesystem::exists(file, unused)) {
      continue;
    }
    const auto& key = files.read(file);
    if (key) {
      keys.emplace(*domain, *key);
    } else {
      problems.push_back(key.error());
    }
  }
  if (error) {
    return std::unexpected(parts->directory + ": " + error.message());
  }
  if (keys.empty()) {
    return std::unexpected(path + ": no domain has such a key");
  }
  return keys;
}

}  // namespace sekisho::keys
