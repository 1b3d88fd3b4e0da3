// From what lies on a disk to reports: plain, packed, attached to mails, or several of these.
#pragma once

#include "report/format/byte_source.hpp"
#include "report/format/feedback_report.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace sekisho::report::import {

enum class ReportDocumentKind : std::uint8_t { aggregate, tls };  ///< XML, JSON

struct ReportDocument {
  std::string name;  ///< For people: the file, and what in it. printable() but for the file.
  ReportDocumentKind kind = ReportDocumentKind::aggregate;
  format::ByteSource octets;  ///< To be read before the function that got it returns.
};

/// Who is told of what is found. What these throw comes out of unpack().
struct UnpackEvents {
  /// Of a file that is a mailbox: the message to begin with, counted from 1.
  std::uint64_t first_message = 1;
  /// The message of that number is looked for in such a file, or its end; may be empty.
  std::function<void(std::uint64_t number)> on_search;
  /// It was found, and is so many octets; may be empty.
  std::function<void(std::uint64_t octets)> on_message;
  std::function<void(ReportDocument)> on_document;
  /// Something of a file cannot be read; the rest of it is.
  std::function<void(const std::string& name, const std::string& problem)> on_problem;
  /// A mail that neither holds a report nor seems to.
  std::function<void(const std::string& name)> on_other_mail;
  /// A mail about one message: a failure report, or one about abuse (RFC 5965).
  std::function<void(const std::string& name, const format::FeedbackReport& report)> on_feedback;
};

/// Archives and mails in one another.
inline constexpr std::size_t max_unpack_depth = 4;
inline constexpr std::size_t max_mail_octets = std::size_t{32} << 20U;
/// In a mailbox that lies in an archive or in a mail.
inline constexpr std::uint64_t max_packed_mails = 20'000;
/// Of mails and archives in one another, which are in memory at the same time.
inline constexpr std::size_t max_held_octets = std::size_t{64} << 20U;

/// Unpacks a seekable file, told by its content: an aggregate report, a TLS report, either in gzip,
/// zip or tar, a mail, or a mailbox. `name` is how it is called before people.
void unpack(int descriptor, const std::string& name, const UnpackEvents& events);

}  // namespace sekisho::report::import
