// Repairs the XML that reporters send: bare `&` and `<` in text, elements that are not closed, text
// around the root. Also removes what makes libxml2 slow: many namespaces, other attributes,
// comments, processing instructions and document types.
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
  std::size_t depth = 16;  ///< Of nested elements.
  /// Name of an element that is never nested in itself: an unclosed one ends where the next begins.
  std::string_view never_nested;
};

/// Takes UTF-8 without characters that XML does not allow. Well-formed input keeps its meaning;
/// everything else adds a note. Line ends are kept, so that line numbers stay correct.
class XmlMender {
 public:
  static constexpr std::size_t max_name = 256;  ///< Of an element; what is longer is text.

  XmlMender(const MendingLimits& limits, ReportNotes& notes)
      : limits_(limits), notes_(notes), attributes_(notes) {}

  /// Appends the repaired form of the next text. After an error, which is for people, nothing more
  /// is repaired.
  [[nodiscard]] std::expected<void, std::string> mend(std::string_view text, std::string& output);

  /// Returns true if the root element has ended.
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
