// The structure of a body and the octets of its parts, line by line (RFC 2045, RFC 2046 §5.1).
#pragma once

#include "mail/header_field.hpp"
#include "preflight/content_type.hpp"
#include "preflight/finding.hpp"
#include "preflight/line_splitter.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::preflight {

/// Begins with the message's own header section. Keeps the boundaries that are open, at most
/// `max_depth`, and the header of one part; never a body. Not thread-safe.
class MimeScanner {
 public:
  static constexpr std::size_t max_depth = 30;
  static constexpr std::size_t max_part_header = 65'536;

  explicit MimeScanner(std::vector<Finding>& findings) : findings_(&findings) {}

  /// The end of the message's header.
  void begin(const mail::HeaderSection& header);
  /// A line of the body. Of its text the first 1,000 octets are enough.
  void add(const Line& line);
  void finish();

  /// Of the message itself.
  [[nodiscard]] const ContentType& content_type() const { return content_type_; }

 private:
  enum class State : std::uint8_t { leaf, part_header, between };
  struct Multipart {
    std::string delimiter;  ///< "--" and the boundary.
    std::size_t line = 0;   ///< Of the header that names it.
    bool was_seen = false;
  };

  void read_entity(const mail::HeaderSection& header, bool is_message, std::size_t line);
  void read_charset(const ContentType& content_type, std::size_t line);
  void read_encoding(const mail::HeaderSection& header, const ContentType& type, std::size_t line);
  void open_multipart(const ContentType& content_type, std::size_t line);
  bool take_delimiter(std::string_view text);
  void add_header_line(const Line& line);
  void end_part_header(std::size_t line);
  void check_leaf(const Line& line);
  void check_base64(const Line& line);
  void report_unclosed(const Multipart& multipart);
  void add_once(bool& was_told, Id id, Level level, const Line& line, std::string evidence);

  std::vector<Finding>* findings_;
  ContentType content_type_;
  std::vector<Multipart> open_;
  State state_ = State::leaf;
  TransferEncoding encoding_ = TransferEncoding::seven_bit;
  mail::HeaderSection part_header_;
  std::size_t part_header_octets_ = 0;
  std::size_t nested_messages_ = 0;
  bool base64_ended_ = false;
  bool told_base64_ = false;
  bool told_undeclared_ = false;
  bool told_declared_ = false;
};

}  // namespace sekisho::preflight
