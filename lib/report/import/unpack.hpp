// Extracts reports from files: plain, compressed, attached to mails, or nested.
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
  std::string name;  ///< For people: file and path inside it; printable() except for the file.
  ReportDocumentKind kind = ReportDocumentKind::aggregate;
  format::ByteSource octets;  ///< Read it before the callback returns.
};

/// Callbacks. Their exceptions pass through unpack().
struct UnpackEvents {
  /// The first message to read of a mailbox, counted from 1.
  std::uint64_t first_message = 1;
  /// The reader looks for the message with this number in a mailbox, or for its end. May be empty.
  std::function<void(std::uint64_t number)> on_search;
  /// The message was found, and has this size. May be empty.
  std::function<void(std::uint64_t octets)> on_message;
  std::function<void(ReportDocument)> on_document;
  /// A part of a file cannot be read; reading continues.
  std::function<void(const std::string& name, const std::string& problem)> on_problem;
  /// A mail without a report.
  std::function<void(const std::string& name)> on_other_mail;
  /// A mail about one message: a failure report, or one about abuse (RFC 5965).
  std::function<void(const std::string& name, const format::FeedbackReport& report)> on_feedback;
};

/// Limit of nested archives and mails.
inline constexpr std::size_t max_unpack_depth = 4;
inline constexpr std::size_t max_mail_octets = std::size_t{32} << 20U;
/// Limit of messages in a mailbox inside an archive or a mail.
inline constexpr std::uint64_t max_packed_mails = 20'000;
/// Limit of nested mails and archives that are in memory at the same time.
inline constexpr std::size_t max_held_octets = std::size_t{64} << 20U;

/// Unpacks a seekable file, whose type is detected from its content: an aggregate or TLS report,
/// plain or in gzip, zip or tar; a mail; or a mailbox. `name` is the name shown to people.
void unpack(int descriptor, const std::string& name, const UnpackEvents& events);

}  // namespace sekisho::report::import
