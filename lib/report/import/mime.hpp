// Finds the parts of a mail (RFC 2045, 2046, 2183, 2231) in one pass over its text. The input is
// hostile: no recursion, no copy before a part is decoded, and linear time for any mail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::import {

/// RFC 2045 §6. An unknown encoding counts as identity.
enum class TransferEncoding : std::uint8_t { identity, base64, quoted_printable };

/// One leaf, or the begin of a message inside the mail. `body` is a view of the mail's text.
struct MimePart {
  std::string type = "text/plain";  ///< Lower case, without parameters.
  std::string name;                 ///< File name, printable(); "" if it has none.
  TransferEncoding encoding = TransferEncoding::identity;
  /// Encoded. For a message/rfc822 in a multipart it begins with the inner header section and
  /// extends to the end of the outer mail; its leaves follow as separate parts.
  std::string_view body;
  bool is_message = false;
};

enum class MimeProblem : std::uint8_t { none, too_many_parts, too_deep };

struct MimeMessage {
  std::string type = "text/plain";  ///< Of the mail as a whole.
  std::string report_type;          ///< Parameter of multipart/report (RFC 6522 §3), lower case.
  std::string_view header;          ///< Its header section.
  std::vector<MimePart> parts;      ///< In order. Those before a problem are complete.
  MimeProblem problem = MimeProblem::none;
};

inline constexpr std::size_t max_mail_parts = 200;
inline constexpr std::size_t max_mail_depth = 8;  ///< Of nested mails and multiparts.

/// Returns views of `mail`. A multipart without its final boundary ends with the mail; one whose
/// boundary never occurs is one part of text.
[[nodiscard]] MimeMessage read_mime(std::string_view mail);

/// Returns the decoded part. Base64 may lack padding and contain other characters (RFC 2045 §6.8);
/// it ends at the first padding.
[[nodiscard]] std::string decode(const MimePart& part);
/// Returns at most the first `octets` octets of the decoded part.
[[nodiscard]] std::string decode_beginning(const MimePart& part, std::size_t octets);

}  // namespace sekisho::report::import
