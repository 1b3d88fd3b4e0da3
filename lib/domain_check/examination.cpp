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
  return name + ". 3600 IN TXT \"" + text + '"';
}

}  // namespace sekisho::domain_check
