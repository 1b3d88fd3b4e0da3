#include "report/unpack/unpack.hpp"

#include "report/unpack/archive.hpp"
#include "report/unpack/attachments.hpp"
#include "report/unpack/content_kind.hpp"
#include "report/unpack/mailbox.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::report {

namespace {

constexpr std::size_t beginning_octets = 512;
// Of an archive or a mail in an archive, which is held in memory.
constexpr std::size_t max_inner_octets = std::size_t{64} << 20U;
constexpr std::string_view unknown_content =
    "neither a report nor a mail, nor either in gzip or zip";

std::string join(const std::string& outer, const std::string& inner) {
  return inner.empty() ? outer : outer + ": " + inner;
}

// Reads up to as many octets as the beginning of a document takes, for a look at them.
std::expected<std::string, std::string> read_beginning(const ByteSource& source) {
  std::string beginning;
  std::array<char, beginning_octets> buffer{};
  while (beginning.size() < beginning_octets) {
    const auto count = source(std::span(buffer).first(beginning_octets - beginning.size()));
    if (!count) {
      return std::unexpected(count.error());
    }
    if (*count == 0) {
      break;
    }
    beginning.append(buffer.data(), *count);
  }
  return beginning;
}

// `beginning`, then the rest of `source`. Both outlive the result.
ByteSource rejoined(const std::string& beginning, const ByteSource& source) {
  return [front = source_of(beginning),
          &source](std::span<char> buffer) -> std::expected<std::size_t, std::string> {
    const auto count = front(buffer);
    return count && *count != 0 ? count : source(buffer);
  };
}

ByteSource file_source(int descriptor) {
  lseek(descriptor, 0, SEEK_SET);
  return [descriptor](std::span<char> buffer) -> std::expected<std::size_t, std::string> {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0) {
      return std::unexpected("cannot be read");
    }
    return static_cast<std::size_t>(count);
  };
}

class Unpacker {
 public:
  explicit Unpacker(const UnpackEvents& events) : events_(events) {}

  void file(int descriptor, const std::string& name) {
    struct stat status{};
    std::array<char, beginning_octets> buffer{};
    const ssize_t count = pread(descriptor, buffer.data(), buffer.size(), 0);
    if (fstat(descriptor, &status) != 0 || count < 0) {
      events_.on_problem(name, "cannot be read");
      return;
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const std::string_view beginning(buffer.data(), static_cast<std::size_t>(count));
    switch (content_kind(beginning)) {
      case ContentKind::mail:
        lone_mail(file_source(descriptor), name, nullptr, 0);
        return;
      case ContentKind::mailbox:
        mails(file_source(descriptor), name, nullptr, 0);
        return;
      case ContentKind::xml:
      case ContentKind::json:
      case ContentKind::archive: {
        ExpansionBudget budget(size);
        Archive archive(descriptor, budget);
        members(archive, name, budget, 0);
        return;
      }
      case ContentKind::unknown:
        events_.on_problem(name, size == 0 ? "empty" : std::string(unknown_content));
        return;
    }
    std::unreachable();
  }

 private:
  // What lay in an archive shares its budget; what comes from the disk has one of its own.
  void octets(std::string_view text, const std::string& name, ExpansionBudget* shared,
              std::size_t depth) {
    if (depth > max_unpack_depth) {
      events_.on_problem(name, "packed too deeply");
      return;
    }
    if (text.empty()) {
      events_.on_problem(name, "empty");
      return;
    }
    const ContentKind kind = content_kind(text.substr(0, beginning_octets));
    if (kind == ContentKind::mail) {
      lone_mail(source_of(text), name, shared, depth);
      return;
    }
    if (kind == ContentKind::mailbox) {
      mails(source_of(text), name, shared, depth);
      return;
    }
    std::optional<ExpansionBudget> own;
    ExpansionBudget& budget = shared != nullptr ? *shared : own.emplace(text.size());
    Archive archive(text, budget);
    members(archive, name, budget, depth);
  }

  void members(Archive& archive, const std::string& name, ExpansionBudget& budget,
               std::size_t depth) {
    for (bool is_empty = true;; is_empty = false) {
      const auto next = archive.next();
      if (!next) {
        events_.on_problem(name, next.error());
        return;
      }
      if (!*next) {
        if (is_empty) {
          events_.on_problem(name, "empty");
        }
        return;
      }
      const Archive::Member& found = **next;
      if (!found.name.ends_with('/')) {  // a folder
        member(join(name, found.name), found.octets, budget, depth);
      }
    }
  }

  void member(const std::string& name, const ByteSource& source, ExpansionBudget& budget,
              std::size_t depth) {
    const auto beginning = read_beginning(source);
    if (!beginning) {
      events_.on_problem(name, beginning.error());
      return;
    }
    const ByteSource whole = rejoined(*beginning, source);
    switch (content_kind(*beginning)) {
      case ContentKind::xml:
        events_.on_document({name, DocumentKind::aggregate, whole});
        return;
      case ContentKind::json:
        events_.on_document({name, DocumentKind::tls, whole});
        return;
      case ContentKind::archive:
      case ContentKind::mail:
      case ContentKind::mailbox: {
        const auto inner = read_all(whole, max_inner_octets);
        if (!inner) {
          events_.on_problem(name, inner.error());
          return;
        }
        octets(*inner, name, &budget, depth + 1);
        return;
      }
      case ContentKind::unknown:
        events_.on_problem(name, std::string(unknown_content));
        return;
    }
    std::unreachable();
  }

  void lone_mail(const ByteSource& source, const std::string& name, ExpansionBudget* shared,
                 std::size_t depth) {
    const auto octets = read_all(source, max_mail_octets);
    if (!octets) {
      events_.on_problem(name, octets.error());
      return;
    }
    mail(read_mail(*octets), name, shared, depth);
  }

  void mails(ByteSource source, const std::string& name, ExpansionBudget* shared,
             std::size_t depth) {
    Mailbox mailbox(std::move(source), max_mail_octets);
    for (std::size_t number = 1;; ++number) {
      const auto message = mailbox.next();
      if (!message) {
        events_.on_problem(name, message.error());
        return;
      }
      if (!*message) {
        return;
      }
      const std::string message_name = join(name, "message " + std::to_string(number));
      if ((*message)->is_too_large) {
        events_.on_problem(message_name, "too large for a mail");
        continue;
      }
      mail(read_mail((*message)->octets), message_name, shared, depth);
    }
  }

  void mail(const MailContent& content, const std::string& name, ExpansionBudget* shared,
            std::size_t depth) {
    bool holds_report = false;
    for (const Attachment& attachment : content.attachments) {
      if (!attachment.is_announced && content_kind(attachment.octets) == ContentKind::unknown) {
        continue;  // a picture, a signature
      }
      holds_report = true;
      octets(attachment.octets, join(name, attachment.name), shared, depth + 1);
    }
    if (!content.problem.empty()) {
      events_.on_problem(name, content.problem);
      return;
    }
    if (!holds_report) {
      events_.on_other_mail(name);
    }
  }

  const UnpackEvents& events_;
};

std::vector<std::string> regular_files(const std::filesystem::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) {
      files.push_back(entry.path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

void unpack(int descriptor, const std::string& name, const UnpackEvents& events) {
  Unpacker(events).file(descriptor, name);
}

std::expected<std::vector<std::string>, std::string> files_of(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    return std::unexpected("no such file");
  }
  if (!fs::is_directory(status)) {
    return std::vector{path};
  }
  const fs::path folder(path);
  if (!fs::is_directory(folder / "cur", error)) {
    return regular_files(folder);
  }
  std::vector<std::string> files = regular_files(folder / "new");
  std::ranges::move(regular_files(folder / "cur"), std::back_inserter(files));
  return files;
}

}  // namespace sekisho::report
