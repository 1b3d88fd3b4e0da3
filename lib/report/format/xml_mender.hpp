// Well-formed XML out of what reporters send for it: bare `&` and `<` in text, elements that are
// not closed, text around the root. And bounds on what makes libxml2 slow: what it gets has few
// name spaces, no other attributes, no comments, no processing instructions and no document type.
#pragma once

#include "report/format/notes.hpp"
#include "report/format/xml_attributes.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::format {

struct MendingLimits {
  std::size_t depth = 16;  ///< Of elements in one another.
  /// The name of an element that never stands within itself: one that is not closed ends where the
  /// next begins.
  std::string_view never_nested;
};

/// Takes UTF-8 without characters that XML does not allow. What is well-formed means the same
/// afterwards; everything else leaves a note. Line ends stay, so that lines keep their numbers.
class XmlMender {
 public:
  static constexpr std::size_t max_name = 256;  ///< Of an element; what is longer is text.

  XmlMender(const MendingLimits& limits, ReportNotes& notes)
      : limits_(limits), notes_(notes), attributes_(notes) {}

  /// Appends what the next text becomes. An error is for people; nothing more is mended then.
  [[nodiscard]] std::expected<void, std::string> mend(std::string_view text, std::string& output);

  /// Whether the root element is at its end.
  [[nodiscard]] bool is_whole() const { return is_whole_; }

 private:
  enum class State : std::uint8_t {
    text,
    reference,    // behind `&`
    markup,       // behind `<`
    open_name,    // behind `<` and the beginning of a name
    tag,          // behind the name
    close_name,   // behind `</`
    declaration,  // behind `<!`
    comment,
    cdata,
    instruction,  // behind `<?`
  };
  // Each takes some text from the front.
  void take_text(std::string_view& text, std::string& output);
  void take_reference(std::string_view& text, std::string& output);
  void take_markup(std::string_view& text, std::string& output);
  void take_open_name(std::string_view& text, std::string& output);
  void take_tag(std::string_view& text, std::string& output);
  void take_close_name(std::string_view& text, std::string& output);
  void take_declaration(std::string_view& text, std::string& output);
  void take_skipped(std::string_view& text, std::string& output);
  void take_cdata(std::string_view& text, std::string& output);

  void end_tag(std::string& output);
  void open_element(std::string& output);
  void close_element(std::string& output);
  void close_until(std::size_t count, std::string& output);
  void add_text(std::string_view text, std::string& output);
  void as_text(std::string_view markup, std::string& output);
  void end_token(std::string& output);

  MendingLimits limits_;
  ReportNotes& notes_;
  State state_ = State::text;
  std::string token_;           // what was taken of it, as far as it is kept
  std::size_t lines_held_ = 0;  // line ends within a token
  std::vector<std::string> open_;
  bool is_whole_ = false;
  std::size_t line_ = 1;
  std::string error_;
  XmlAttributes attributes_;
};

}  // namespace sekisho::report::format
