// From what lies on a disk to reports: plain, packed, attached to mails, or several of these.
#pragma once

#include "report/byte_source.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace sekisho::report {

enum class DocumentKind : std::uint8_t { aggregate, tls };  ///< XML, JSON

struct Document {
  std::string name;  ///< For people: the file, and what in it. printable() but for the file.
  DocumentKind kind = DocumentKind::aggregate;
  ByteSource octets;  ///< To be read before the function that got it returns.
};

/// Who is told of what is found. What these throw comes out of unpack().
struct UnpackEvents {
  std::function<void(Document)> on_document;
  /// Something of a file cannot be read; the rest of it is.
  std::function<void(const std::string& name, const std::string& problem)> on_problem;
  /// A mail that neither holds a report nor seems to.
  std::function<void(const std::string& name)> on_other_mail;
};

/// Archives and mails in one another.
inline constexpr std::size_t max_unpack_depth = 4;

/// Unpacks a seekable file, told by its content: an aggregate report, a TLS report, either in gzip
/// or zip, a mail, or a mailbox. `name` is how it is called before people.
void unpack(int descriptor, const std::string& name, const UnpackEvents& events);

/// The files that a path stands for: itself; the messages of a Maildir (`new` and `cur`), or the
/// regular files of any other folder, in the order of their names.
[[nodiscard]] std::expected<std::vector<std::string>, std::string> files_of(
    const std::string& path);

}  // namespace sekisho::report
