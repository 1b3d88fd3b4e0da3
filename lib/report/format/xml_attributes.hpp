// The attributes of one start tag, read octet by octet: only declarations of name spaces are kept.
#pragma once

#include "report/format/notes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::report::format {

/// Reads what follows the name in a start tag, up to its `>`.
class XmlAttributes {
 public:
  static constexpr std::size_t max_name_spaces = 8;  ///< Declared by one tag; others are dropped.
  static constexpr std::size_t max_octets = 512;     ///< Of a name or a value that is kept.

  explicit XmlAttributes(ReportNotes& notes) : notes_(notes) {}

  /// Forgets the previous tag.
  void begin();
  void take(char c);
  /// Ends an attribute without quotes that the `>` ends.
  void end();

  /// True inside a quoted value, where `>` does not end the tag.
  [[nodiscard]] bool is_in_quotes() const {
    return place_ == Place::value && attribute_.quote != '\0';
  }
  /// True if an attribute with a value was read.
  [[nodiscard]] bool has_value() const { return has_value_; }
  /// True if the last octet was the `/` of an empty element.
  [[nodiscard]] bool is_empty_element() const { return is_empty_element_; }

  /// Appends the declarations of name spaces as well-formed attributes.
  void append_to(std::string& output) const;

 private:
  enum class Place : std::uint8_t { before_name, name, before_value, value };

  struct Attribute {
    std::string name;
    std::string value;
    char quote = '\0';
    bool is_too_long = false;
  };

  void take_value(char c);
  void end_attribute();

  ReportNotes& notes_;
  Place place_ = Place::before_name;
  Attribute attribute_;
  std::vector<Attribute> kept_;
  bool has_value_ = false;
  bool is_empty_element_ = false;
};

}  // namespace sekisho::report::format
