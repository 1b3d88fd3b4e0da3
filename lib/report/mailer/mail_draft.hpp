// A mail that carries a report, as a value and as text (RFC 5322, RFC 2045).
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace sekisho::report::mailer {

/// What kind of multipart holds the parts.
enum class Structure : std::uint8_t {
  mixed,            ///< RFC 2046 §5.1.3
  feedback_report,  ///< multipart/report; report-type=feedback-report (RFC 5965 §2)
};

struct MailPart {
  /// Ours, never a stranger's. text/* is quoted-printable where it needs to be, message/* is as it
  /// is, and all else is base64. Text is UTF-8.
  std::string type;
  /// Where not empty, the part is an attachment with this name (RFC 2183 §2.3), in which all but
  /// the characters of a token (RFC 2045 §5.1) become `_`.
  std::string file_name;
  std::string content;  ///< Lines of text end in LF or CRLF.
};

/// Text is made printable(): no value breaks out of its field.
struct MailDraft {
  std::string from_name;        ///< Display name, UTF-8; may be empty.
  std::string from;             ///< is_plain_address(), and so all of `to`.
  std::vector<std::string> to;  ///< One at least.
  std::string subject;          ///< UTF-8.
  std::string message_id;       ///< Without angle brackets, of the form of an address.
  std::chrono::sys_seconds date;
  Structure structure = Structure::mixed;
  std::vector<MailPart> parts;
};

/// The whole mail with CRLF, `Auto-Submitted: auto-generated` (RFC 3834 §5) among its fields. The
/// same draft gives the same octets. The error names the address that is none.
[[nodiscard]] std::expected<std::string, std::string> compose(const MailDraft& draft);

}  // namespace sekisho::report::mailer
