#include "report/import/unpack.hpp"

#include "report/import/archive.hpp"
#include "report/import/attachment.hpp"
#include "report/import/content_kind.hpp"
#include "report/import/feedback_reader.hpp"
#include "report/import/mailbox.hpp"
#include "report/import/mime.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::report::import {

namespace {

constexpr std::string_view unknown_content =
    "neither a report nor a mail, nor either in gzip or zip";
constexpr std::string_view too_many_parts = "too many parts, or too deep in one another";

std::string join(const std::string& outer, const std::string& inner) {
  return inner.empty() ? outer : outer + ": " + inner;
}

// Reads up to as many octets as the beginning of a document takes, for a look at them.
std::expected<std::string, std::string> read_beginning(const format::ByteSource& source) {
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
format::ByteSource rejoined(const std::string& beginning, const format::ByteSource& source) {
  return [front = format::source_of(beginning),
          &source](std::span<char> buffer) -> std::expected<std::size_t, std::string> {
    const auto count = front(buffer);
    return count && *count != 0 ? count : source(buffer);
  };
}

// What a Mac puts beside each file.
bool is_resource_fork(std::string_view name) {
  const std::string_view file = name.substr(name.rfind('/') + 1);  // npos + 1 is 0: all of it
  return name.starts_with("__MACOSX/") || file.starts_with("._");
}

format::ByteSource file_source(int descriptor) {
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
        lone_mail(file_source(descriptor), name);
        return;
      case ContentKind::mailbox:
        mails(file_source(descriptor), name, {.is_file = true});
        return;
      case ContentKind::xml:
      case ContentKind::json:
      case ContentKind::archive: {
        ExpansionBudget budget(size);
        Archive archive(descriptor, budget);
        members(archive, name, {.budget = &budget});
        return;
      }
      case ContentKind::unknown:
        events_.on_problem(name, size == 0 ? "empty" : std::string(unknown_content));
        return;
    }
    std::unreachable();
  }

 private:
  // Where something lies: what is in memory around it, and how much of it.
  struct Place {
    ExpansionBudget* budget = nullptr;  // of the archive around it; null: there is none
    std::size_t depth = 0;
    std::size_t held = 0;  // octets
    bool is_file = false;
  };

  void octets(std::string_view text, const std::string& name, const Place& place) {
    if (place.depth > max_unpack_depth) {
      events_.on_problem(name, "packed too deeply");
      return;
    }
    if (text.empty()) {
      events_.on_problem(name, "empty");
      return;
    }
    const ContentKind kind = content_kind(text.substr(0, beginning_octets));
    if (kind == ContentKind::mail) {
      mail(text, name, place);
      return;
    }
    if (kind == ContentKind::mailbox) {
      mails(format::source_of(text), name, place);
      return;
    }
    // What lay in an archive shares its budget; what comes from the disk has one of its own.
    std::optional<ExpansionBudget> own;
    ExpansionBudget& budget = place.budget != nullptr ? *place.budget : own.emplace(text.size());
    Archive archive(text, budget);
    members(archive, name, {&budget, place.depth, place.held});
  }

  void members(Archive& archive, const std::string& name, const Place& place) {
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
      if (!found.name.ends_with('/') && !is_resource_fork(found.name)) {
        member(join(name, found.name), found.octets, place);
      }
    }
  }

  void member(const std::string& name, const format::ByteSource& source, const Place& place) {
    const auto beginning = read_beginning(source);
    if (!beginning) {
      events_.on_problem(name, beginning.error());
      return;
    }
    const format::ByteSource whole = rejoined(*beginning, source);
    switch (content_kind(*beginning)) {
      case ContentKind::xml:
        events_.on_document({name, ReportDocumentKind::aggregate, whole});
        return;
      case ContentKind::json:
        events_.on_document({name, ReportDocumentKind::tls, whole});
        return;
      case ContentKind::archive:
      case ContentKind::mail:
      case ContentKind::mailbox: {
        const auto inner =
            format::read_all(whole, std::min(max_mail_octets, max_held_octets - place.held));
        if (!inner) {
          events_.on_problem(name, inner.error());
          return;
        }
        octets(*inner, name, {place.budget, place.depth + 1, place.held + inner->size()});
        return;
      }
      case ContentKind::unknown:
        events_.on_problem(name, std::string(unknown_content));
        return;
    }
    std::unreachable();
  }

  void lone_mail(const format::ByteSource& source, const std::string& name) {
    const auto text = format::read_all(source, max_mail_octets);
    if (!text) {
      events_.on_problem(name, text.error());
      return;
    }
    mail(*text, name, {.held = text->size()});
  }

  // False: there are no more messages than these, or none can be read.
  bool skip(MailboxFile& mailbox, std::uint64_t messages, const std::string& name) {
    for (std::uint64_t i = 0; i < messages; ++i) {
      const auto skipped = mailbox.skip();
      if (!skipped) {
        events_.on_problem(name, skipped.error());
      }
      if (!skipped || !*skipped) {
        return false;
      }
    }
    return true;
  }

  void mails(format::ByteSource source, const std::string& name, const Place& place) {
    MailboxFile mailbox(std::move(source), std::min(max_mail_octets, max_held_octets - place.held));
    const std::uint64_t first = place.is_file ? events_.first_message : 1;
    if (!skip(mailbox, first - 1, name)) {
      return;
    }
    for (std::uint64_t number = first;; ++number) {
      if (place.is_file && events_.on_search) {
        events_.on_search(number);
      }
      const auto message = mailbox.next();
      if (!message) {
        events_.on_problem(name, message.error());
        return;
      }
      if (!*message) {
        return;
      }
      if (!place.is_file && number > max_packed_mails) {
        events_.on_problem(name, "more than " + std::to_string(max_packed_mails) + " mails in it");
        return;
      }
      if (place.is_file && events_.on_message) {
        events_.on_message((*message)->octets.size());
      }
      const std::string message_name = join(name, "message " + std::to_string(number));
      const std::string& text = (*message)->octets;
      if ((*message)->is_too_large) {
        events_.on_problem(message_name, "too large for a mail");
        continue;
      }
      mail(text, message_name, {place.budget, place.depth, place.held + text.size()});
    }
  }

  // All that a mail holds shares one budget: two hundred bombs cost no more than one.
  void mail(std::string_view text, const std::string& name, const Place& outer) {
    std::optional<ExpansionBudget> own;
    const Place place{outer.budget != nullptr ? outer.budget : &own.emplace(text.size()),
                      outer.depth, outer.held};
    const MimeMessage message = read_mime(text);
    if (const auto feedback = read_feedback(message)) {
      events_.on_feedback(name, *feedback);
      return;
    }
    bool holds_report = false;
    for (const MimePart& part : message.parts) {
      holds_report |= !part.is_message && attachment(part, name, place);
    }
    if (message.problem != MimeProblem::none) {
      events_.on_problem(name, std::string(too_many_parts));
      return;
    }
    if (!holds_report) {
      events_.on_other_mail(name);
    }
  }

  // Whether it is, or should be, a report.
  bool attachment(const MimePart& part, const std::string& mail_name, const Place& place) {
    const std::string name = join(mail_name, part.name);
    const std::string beginning = decode_beginning(part, beginning_octets);
    const AttachmentKind promise = attachment_kind(part);
    if (promise != AttachmentKind::report && !may_be_report(part, promise, beginning)) {
      return promise == AttachmentKind::other && part.type.starts_with("text/") &&
             text_body(part, name);
    }
    if (place.held > max_held_octets - part.body.size()) {
      events_.on_problem(name, "too large for a mail");
      return true;
    }
    const std::string content = decode(part);
    octets(content, name, {place.budget, place.depth + 1, place.held + content.size()});
    return true;
  }

  static bool may_be_report(const MimePart& part, AttachmentKind promise,
                            std::string_view beginning) {
    switch (content_kind(beginning)) {
      case ContentKind::xml:
      case ContentKind::json:
        return seems_report(beginning);
      case ContentKind::archive:
        return promise == AttachmentKind::nothing || archive_seems_report(part);
      case ContentKind::mail:
      case ContentKind::mailbox:
        return promise == AttachmentKind::nothing;
      case ContentKind::unknown:
        return false;
    }
    std::unreachable();
  }

  // Documents of an office are zip files with XML in them.
  static bool archive_seems_report(const MimePart& part) {
    const std::string content = decode(part);
    ExpansionBudget budget(content.size());
    Archive archive(content, budget);
    const auto first = archive.next();
    if (!first || !*first) {
      return false;
    }
    const auto beginning = read_beginning((*first)->octets);
    return beginning && seems_report(*beginning);
  }

  // A report that somebody pasted, or whose part a gateway made text of.
  bool text_body(const MimePart& part, const std::string& name) {
    constexpr std::size_t most = std::size_t{4} << 20U;
    if (part.type != "text/plain" || part.body.size() > most) {
      return false;
    }
    const std::string text = decode(part);
    const std::string_view report = report_within(text);
    if (report.empty()) {
      return false;
    }
    const auto kind = content_kind(report) == ContentKind::json ? ReportDocumentKind::tls
                                                                : ReportDocumentKind::aggregate;
    events_.on_document({name, kind, format::source_of(report)});
    return true;
  }

  const UnpackEvents& events_;
};

}  // namespace

void unpack(int descriptor, const std::string& name, const UnpackEvents& events) {
  Unpacker(events).file(descriptor, name);
}

}  // namespace sekisho::report::import
