// A message in a file or on standard input, split into header section and body (RFC 5322 §2.1).
#pragma once

#include "mail/header_field.hpp"

#include <cstddef>
#include <functional>
#include <istream>
#include <string_view>

namespace sekisho::mail {

/// What did not look like a header section; the message is read all the same.
struct ReadReport {
  bool has_mailbox_line = false;  ///< The first line was a mailbox file's `From `.
  /// A line that is neither a field nor a fold ended the header section early; it and all after it
  /// are body (what Postfix does too).
  bool header_cut = false;
  /// There were more fields or more octets than the limits allow. The field that crossed the limit
  /// is the last one, perhaps cut, so that whoever counts again sees it too; all after it up to the
  /// first empty line was dropped. A second From may be among that, so nothing can be said of the
  /// author.
  bool over_limit = false;
};

/// Of the whole header section, line ends and folds counted.
struct ReadLimits {
  std::size_t header_octets = 1'048'576;
  std::size_t header_fields = 10'000;
};

/// Reads the whole stream: calls `on_header` once, then `on_body` with chunks of any size (CRLF
/// line ends: bare LF in the file becomes CRLF, since a file on Unix has no other way to hold a
/// message). CR without LF is no line end and stays, and no line end is added to the last line.
/// Memory does not grow with the body.
///
/// What is a field and what is not follows Postfix, so that a file is judged as the same message is
/// by the milter: blanks may stand before the colon, and a name holds no other blank, no control
/// and no 8-bit octet. Where the first line begins with a blank there is no header section. A first
/// line `From ` without a colon after it, as mailbox files have it, is skipped.
ReadReport read_message(std::istream& input, const ReadLimits& limits,
                        const std::function<void(HeaderSection)>& on_header,
                        const std::function<void(std::string_view)>& on_body);

}  // namespace sekisho::mail
