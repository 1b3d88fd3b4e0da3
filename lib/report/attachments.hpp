// Attachments of mails that may be reports, through GMime (RFC 9990 §3.5.2, RFC 8460 §5.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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

/// A mail, or a mailbox of them one behind the other.
class MailReader {
 public:
  static constexpr std::size_t max_parts = 200;         ///< Of a mail.
  static constexpr std::size_t max_depth = 8;           ///< Of mails and multiparts in one another.
  static constexpr std::int64_t max_octets = 64 << 20;  ///< Of an attachment, packed.

  /// A seekable file from its beginning, which outlives the reader; or octets, which are copied.
  MailReader(int descriptor, bool is_mailbox);
  MailReader(std::string_view octets, bool is_mailbox);
  ~MailReader();
  MailReader(const MailReader&) = delete;
  MailReader& operator=(const MailReader&) = delete;

  /// Nullopt behind the last mail.
  [[nodiscard]] std::optional<MailContent> next();

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace sekisho::report
