// Attachments of mails that may be reports, through GMime (RFC 9990 §3.5.2, RFC 8460 §5.3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report {

struct Attachment {
  std::string name;  ///< Its file name, printable(); "" where it has none.
  std::string octets;
  bool is_announced = false;  ///< By its type or its name it should be a report.
};

/// One message. Where something of it is left out, `problem` says why.
struct MailContent {
  std::vector<Attachment> attachments;
  std::string problem;
};

inline constexpr std::size_t max_mail_parts = 200;
inline constexpr std::size_t max_mail_depth = 8;  ///< Of mails and multiparts in one another.
/// Every line is held against the boundaries of all multiparts that are open.
inline constexpr std::size_t max_mail_boundaries = 50;
inline constexpr std::size_t max_mail_octets = std::size_t{32} << 20U;  ///< What callers pass on.

/// The attachments of one mail, with those of mails that are attached to it, in their order.
[[nodiscard]] MailContent read_mail(std::string_view octets);

}  // namespace sekisho::report
