// The form of a message on its raw octets: lines, header section and body (RFC 5322 §2).
#pragma once

#include "mail/header_field.hpp"
#include "preflight/finding.hpp"
#include "preflight/line_splitter.hpp"
#include "preflight/mime_scanner.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::preflight {

/// Where a field of the header section stands.
struct FieldPlace {
  std::size_t line = 0;
  std::size_t offset = 0;
};

struct FormOptions {
  std::size_t header_octets = 1'048'576;
  std::size_t header_fields = 10'000;
  bool smtputf8 = false;  ///< The envelope has SMTPUTF8, so UTF-8 may stand in header fields.
};

/// Takes a message in chunks of any size. Keeps the header section, never the body. A file whose
/// lines end in LF is read as if they ended in CRLF; a first line `From ` of a mailbox file is
/// skipped. Not thread-safe.
class FormReader {
 public:
  using OnHeader = std::function<void(const mail::HeaderSection&)>;
  using OnBody = std::function<void(std::string_view)>;

  /// Findings go to `findings`, which must outlive this. `on_header` is called once, at the end of
  /// the header section; then `on_body` with the body in chunks, its lines ended by CRLF.
  FormReader(const FormOptions& options, std::vector<Finding>& findings, OnHeader on_header,
             OnBody on_body);

  void add(std::string_view chunk);
  /// Ends the message. Adds what is known at its end only.
  void finish();

  /// Folds are CRLF and a blank, as in mail::HeaderField.
  [[nodiscard]] const mail::HeaderSection& header() const { return header_; }
  /// In step with header().
  [[nodiscard]] const std::vector<FieldPlace>& places() const { return places_; }
  /// Where the field of that index stands, for a finding.
  [[nodiscard]] Place place_of(std::size_t index) const;
  [[nodiscard]] const ContentType& content_type() const { return mime_.content_type(); }
  /// Octets as they travel, with CRLF at each line's end.
  [[nodiscard]] std::size_t octets() const { return octets_; }
  /// False: the header section was larger than the limits, and its end was dropped.
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  /// True: a line that is no field ended the header section, so that fields may follow it.
  [[nodiscard]] bool is_cut() const { return is_cut_; }

 private:
  void split(std::string_view chunk);
  void pass_body(std::string_view chunk);
  void add_line(const Line& line);
  void add_header_line(const Line& line);
  void add_field(const Line& line, std::size_t colon);
  void add_fold(const Line& line);
  void cut_header(const Line& line);
  void end_header();
  void measure(const Line& line);
  void check_field_sizes();
  void report_bytes();

  FormOptions options_;
  std::vector<Finding>* findings_;
  OnHeader on_header_;
  OnBody on_body_;
  LineSplitter lines_;
  MimeScanner mime_;
  mail::HeaderSection header_;
  std::vector<FieldPlace> places_;
  bool in_header_ = true;
  bool is_whole_ = true;
  bool is_cut_ = false;
  std::size_t header_octets_ = 0;
  std::size_t octets_ = 0;
  std::size_t long_lines_ = 0;      ///< Above 78.
  std::size_t too_long_lines_ = 0;  ///< Above 998.
  Place first_long_;
  Place first_too_long_;
  std::size_t longest_ = 0;
  std::string body_;        ///< One chunk, with CRLF.
  char last_octet_ = '\0';  ///< Of the body so far.
  bool told_eight_bit_ = false;
};

}  // namespace sekisho::preflight
