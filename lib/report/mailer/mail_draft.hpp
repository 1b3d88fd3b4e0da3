// A mail that carries a report, and its text (RFC 5322, RFC 2045).
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace sekisho::report::mailer {

/// The kind of multipart.
enum class Structure : std::uint8_t {
  mixed,            ///< RFC 2046 §5.1.3
  feedback_report,  ///< multipart/report; report-type=feedback-report (RFC 5965 §2)
};

struct MailPart {
  /// Chosen by us, never by others. text/* is quoted-printable if needed, message/* is unchanged,
  /// all else is base64. Text is UTF-8.
  std::string type;
  /// If not empty, the part is an attachment with this name (RFC 2183 §2.3). Characters not allowed
  /// in a token (RFC 2045 §5.1) become `_`.
  std::string file_name;
  std::string content;  ///< Lines of text end in LF or CRLF.
};

/// Text is made printable(), so that no value breaks out of its field.
struct MailDraft {
  std::string from_name;        ///< Display name, UTF-8; may be empty.
  std::string from;             ///< is_plain_address(), as all of `to`.
  std::vector<std::string> to;  ///< At least one.
  std::string subject;          ///< UTF-8.
  std::string message_id;       ///< Without angle brackets, of the form of an address.
  std::chrono::sys_seconds date;
  Structure structure = Structure::mixed;
  std::vector<MailPart> parts;
};

/// Returns the mail with CRLF and with `Auto-Submitted: auto-generated` (RFC 3834 §5). Equal drafts
/// give equal octets. The error names an invalid address.
[[nodiscard]] std::expected<std::string, std::string> compose(const MailDraft& draft);

}  // namespace sekisho::report::mailer
