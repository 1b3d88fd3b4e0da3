#include "report/format/xml_attributes.hpp"

#include "mail/ascii.hpp"
#include "report/format/xml_name.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::format {

namespace {

constexpr std::string_view many_spaces = "name space declarations of the XML were dropped";

void append_limited(std::string& text, char c) {
  if (text.size() < XmlAttributes::max_octets) {
    text += c;
  }
}

}  // namespace

void XmlAttributes::begin() {
  place_ = Place::before_name;
  kept_.clear();
  has_value_ = false;
  is_empty_element_ = false;
}

void XmlAttributes::take(char c) {
  const bool is_blank = mail::is_folding_white_space(c);
  switch (place_) {
    case Place::before_name:
      is_empty_element_ = c == '/';
      if (!is_blank && c != '/') {
        attribute_ = {.name = std::string(1, c)};
        place_ = Place::name;
      }
      return;
    case Place::name:
      is_empty_element_ = c == '/';
      if (c == '=') {
        place_ = Place::before_value;
      } else if (!is_blank) {
        append_limited(attribute_.name, c);
      }
      return;
    case Place::before_value:
      if (!is_blank) {
        attribute_.quote = c == '"' || c == '\'' ? c : '\0';
        attribute_.value = attribute_.quote == '\0' ? std::string(1, c) : "";
        place_ = Place::value;
      }
      return;
    case Place::value:
      take_value(c);
      return;
  }
}

void XmlAttributes::take_value(char c) {
  const bool has_quotes = attribute_.quote != '\0';
  if (has_quotes ? c == attribute_.quote : mail::is_folding_white_space(c)) {
    end_attribute();
    return;
  }
  is_empty_element_ = !has_quotes && c == '/';
  attribute_.is_too_long |= attribute_.value.size() >= max_octets;
  append_limited(attribute_.value, c);
}

void XmlAttributes::end() {
  if (place_ == Place::value) {
    end_attribute();
  }
}

// Other attributes mean nothing in a report.
void XmlAttributes::end_attribute() {
  place_ = Place::before_name;
  has_value_ = true;
  if (!declares_name_space(attribute_.name)) {
    return;
  }
  const bool is_known = std::ranges::find(kept_, attribute_.name, &Attribute::name) != kept_.end();
  if (is_known || attribute_.is_too_long || kept_.size() >= max_name_spaces) {
    notes_.add_once(many_spaces);
    return;
  }
  kept_.push_back(std::move(attribute_));
}

void XmlAttributes::append_to(std::string& output) const {
  for (const Attribute& attribute : kept_) {
    output.append(" ").append(attribute.name).append("=\"");
    for (const char c : attribute.value) {
      output += c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string_view(&c, 1);
    }
    output += '"';
  }
}

}  // namespace sekisho::report::format
