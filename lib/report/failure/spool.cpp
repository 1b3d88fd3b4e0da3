#include "report/failure/spool.hpp"

#include "c_ptr.hpp"
#include "crypto/digest.hpp"
#include "crypto/hexadecimal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace sekisho::report::failure {

namespace {

using Json = nlohmann::json;
using File = CPtr<std::FILE, &std::fclose>;

constexpr std::string_view suffix = ".json";
constexpr const char* key_name = "redaction.key";

std::unexpected<std::string> failed(const std::string& path, int error) {
  return std::unexpected(path + ": " + std::generic_category().message(error));
}

std::string random_name() {
  std::array<std::uint8_t, 16> octets{};
  arc4random_buf(octets.data(), octets.size());
  return crypto::encode_hexadecimal(octets);
}

// What the name of a file says of one owner.
std::string mark_of(const std::string& owner) {
  constexpr std::size_t octets = 6;
  crypto::Digest hash(crypto::HashAlgorithm::sha256);
  hash.update(owner);
  const crypto::Bytes digest = hash.finish();
  return "-" + crypto::encode_hexadecimal(std::span(digest).first(octets));
}

// Names sort by age, and tell the owners without a look into the file.
std::string name_of(const FailureReport& report, std::span<const std::string> owners) {
  constexpr std::size_t width = 12;
  const std::string seconds =
      std::to_string(std::max<std::int64_t>(report.made.time_since_epoch().count(), 0));
  const std::string zeros(width - std::min(width, seconds.size()), '0');
  std::string name = zeros + seconds + "-" + random_name();
  for (const std::string& owner : owners) {
    name += mark_of(owner);
  }
  return name + std::string(suffix);
}

bool has_share(const std::string& owner, const std::vector<std::string>& waiting,
               std::size_t max_reports) {
  constexpr std::size_t owners_with_room = 10;
  const std::size_t share = std::max<std::size_t>(max_reports / owners_with_room, 1);
  const std::string mark = mark_of(owner);
  const auto count =
      std::ranges::count_if(waiting, [&](const std::string& name) { return name.contains(mark); });
  return static_cast<std::size_t>(count) >= share;
}

std::optional<FailureKind> parse_failure_kind(std::string_view text) {
  for (const FailureKind kind : {FailureKind::dmarc, FailureKind::dkim, FailureKind::spf}) {
    if (text == format_failure_kind(kind)) {
      return kind;
    }
  }
  return std::nullopt;
}

std::expected<std::string, std::string> read_file(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rbe"));
  if (!file) {
    return failed(path, errno);
  }
  std::string text(Spool::max_file_octets + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return failed(path, errno);
  }
  if (text.size() > Spool::max_file_octets) {
    return std::unexpected(path + ": larger than a report of ours");
  }
  return text;
}

std::expected<void, std::string> write_file(const std::string& path, std::string_view text) {
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) {
    return failed(path, errno);
  }
  File file(fdopen(descriptor, "wb"));
  if (!file) {
    close(descriptor);
    return failed(path, ENOMEM);
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
                       std::fflush(file.get()) == 0;
  const int error = errno;
  if (std::fclose(file.release()) != 0 || !written) {
    static_cast<void>(std::remove(path.c_str()));
    return failed(path, written ? errno : error);
  }
  return {};
}

}  // namespace

std::string write_spooled(const SpooledReport& spooled) {
  const FailureReport& report = spooled.report;
  const Json json{{"kind", format_failure_kind(report.kind)},
                  {"policy_domain", report.policy_domain},
                  {"uris", report.uris},
                  {"made", report.made.time_since_epoch().count()},
                  {"subject", report.subject},
                  {"text", report.text},
                  {"fields", report.fields},
                  {"header", report.header},
                  {"sent", spooled.sent}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

std::expected<SpooledReport, std::string> read_spooled(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  try {
    SpooledReport spooled;
    FailureReport& report = spooled.report;
    const auto kind = parse_failure_kind(json.at("kind").get<std::string>());
    if (!kind) {
      return std::unexpected("no kind of failure report");
    }
    report.kind = *kind;
    json.at("policy_domain").get_to(report.policy_domain);
    json.at("uris").get_to(report.uris);
    report.made =
        std::chrono::sys_seconds(std::chrono::seconds(json.at("made").get<std::int64_t>()));
    json.at("subject").get_to(report.subject);
    json.at("text").get_to(report.text);
    json.at("fields").get_to(report.fields);
    json.at("header").get_to(report.header);
    json.at("sent").get_to(spooled.sent);
    return spooled;
  } catch (const Json::exception&) {
    return std::unexpected("no failure report of ours");
  }
}

std::expected<void, std::string> Spool::make_folder() const {
  if (mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return failed(folder_, errno);
  }
  return {};
}

// Under another name first: who lists the folder never sees half a file.
std::expected<void, std::string> Spool::write(const std::string& name,
                                              std::string_view text) const {
  const std::string draft = path_of(".draft-" + random_name());
  if (const auto written = write_file(draft, text); !written) {
    return written;
  }
  if (std::rename(draft.c_str(), path_of(name).c_str()) != 0) {
    const int error = errno;
    static_cast<void>(std::remove(draft.c_str()));
    return failed(path_of(name), error);
  }
  return {};
}

std::expected<Spool::Stored, std::string> Spool::store(const FailureReport& report,
                                                       std::span<const std::string> owners,
                                                       std::size_t max_reports) {
  if (const auto made = make_folder(); !made) {
    return std::unexpected(made.error());
  }
  const auto waiting = list();
  if (!waiting) {
    return std::unexpected(waiting.error());
  }
  if (waiting->size() >= max_reports) {
    return Stored::full;
  }
  if (std::ranges::any_of(owners, [&](const std::string& owner) {
        return has_share(owner, *waiting, max_reports);
      })) {
    return Stored::over_share;
  }
  if (const auto written = write(name_of(report, owners), write_spooled({report, {}})); !written) {
    return std::unexpected(written.error());
  }
  return Stored::yes;
}

std::expected<std::vector<std::string>, std::string> Spool::list() const {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder_, error);
  std::vector<std::string> names;
  if (error == std::errc::no_such_file_or_directory) {
    return names;
  }
  for (const std::filesystem::directory_iterator end; !error && entries != end;
       entries.increment(error)) {
    std::string name = entries->path().filename().string();
    if (name.ends_with(suffix) && !name.starts_with('.')) {
      names.push_back(std::move(name));
    }
  }
  if (error) {
    return std::unexpected(folder_ + ": " + error.message());
  }
  std::ranges::sort(names);
  return names;
}

std::expected<SpooledReport, std::string> Spool::read(const std::string& name) const {
  const auto text = read_file(path_of(name));
  if (!text) {
    return std::unexpected(text.error());
  }
  auto spooled = read_spooled(*text);
  if (!spooled) {
    return std::unexpected(path_of(name) + ": " + spooled.error());
  }
  return spooled;
}

std::expected<void, std::string> Spool::replace(const std::string& name,
                                                const SpooledReport& spooled) const {
  return write(name, write_spooled(spooled));
}

std::expected<void, std::string> Spool::remove(const std::string& name) const {
  if (std::remove(path_of(name).c_str()) != 0 && errno != ENOENT) {
    return failed(path_of(name), errno);
  }
  return {};
}

std::expected<std::string, std::string> Spool::redaction_key() {
  if (const auto made = make_folder(); !made) {
    return std::unexpected(made.error());
  }
  const std::string path = path_of(key_name);
  if (access(path.c_str(), F_OK) != 0) {
    const std::string draft = path_of(".draft-" + random_name());
    if (const auto written = write_file(draft, random_name()); !written) {
      return std::unexpected(written.error());
    }
    // A link, unlike a rename, leaves the key of a daemon that was quicker.
    const bool linked = link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST;
    const int error = errno;
    static_cast<void>(std::remove(draft.c_str()));
    if (!linked) {
      return failed(path, error);
    }
  }
  auto key = read_file(path);
  if (key && key->empty()) {
    return std::unexpected(path + ": is empty");
  }
  return key;
}

}  // namespace sekisho::report::failure
