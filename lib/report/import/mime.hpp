// The parts of a mail (RFC 2045, 2046, 2183, 2231), found in one pass over its text. Mails come
// from strangers: nothing recurses, nothing is copied before a part is decoded, and the work is
// linear in the size of the mail whatever it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::import {

/// RFC 2045 §6. What is not known is taken as it is.
enum class TransferEncoding : std::uint8_t { identity, base64, quoted_printable };

/// One leaf, or the beginning of a mail within the mail. `body` is a view of the mail's text.
struct MimePart {
  std::string type = "text/plain";  ///< Lower case, without parameters.
  std::string name;                 ///< Of its file, printable(); "" where it has none.
  TransferEncoding encoding = TransferEncoding::identity;
  /// As it stands in the mail. Of a message/rfc822 in a multipart it begins with the inner header
  /// section and goes on to the end of the outer mail; its leaves follow as parts of their own.
  std::string_view body;
  bool is_message = false;
};

enum class MimeProblem : std::uint8_t { none, too_many_parts, too_deep };

struct MimeMessage {
  std::string type = "text/plain";  ///< Of the mail as a whole.
  std::string report_type;          ///< Parameter of multipart/report (RFC 6522 §3), lower case.
  std::string_view header;          ///< Its header section.
  std::vector<MimePart> parts;      ///< In their order. Those before a problem are whole.
  MimeProblem problem = MimeProblem::none;
};

inline constexpr std::size_t max_mail_parts = 200;
inline constexpr std::size_t max_mail_depth = 8;  ///< Of mails and multiparts in one another.

/// The views in the result live as long as `mail`. A multipart without its last boundary ends with
/// the mail; one whose boundary never comes is one part of text.
[[nodiscard]] MimeMessage read_mime(std::string_view mail);

/// The octets of a part. Base64 is taken without padding and with foreign characters in it (RFC
/// 2045 §6.8); it ends at the first padding.
[[nodiscard]] std::string decode(const MimePart& part);
/// The first octets of a part, at most so many.
[[nodiscard]] std::string decode_beginning(const MimePart& part, std::size_t octets);

}  // namespace sekisho::report::import
