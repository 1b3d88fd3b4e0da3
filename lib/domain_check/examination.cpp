#include "domain_check/examination.hpp"

namespace sekisho::domain_check {

std::vector<std::string> texts_of(const dns::Answer& answer) {
  std::vector<std::string> texts;
  for (const dns::Text* text : answer.all<dns::Text>()) {
    texts.push_back(text->data);
  }
  return texts;
}

std::string txt_line(const std::string& name, const std::string& text) {
  constexpr std::size_t max_string = 255;  // RFC 1035 §3.3
  std::string line = name + ". 3600 IN TXT \"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    line += i > 0 && i % max_string == 0 ? "\" \"" : "";
    line += text[i] == '"' ? "\\\"" : escaped(text.substr(i, 1));
  }
  return line + '"';
}

}  // namespace sekisho::domain_check
