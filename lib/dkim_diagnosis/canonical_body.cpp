#include "dkim_diagnosis/canonical_body.hpp"

#include "dkim/body_canonicalizer.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>

namespace sekisho::dkim_diagnosis {

namespace {

std::size_t end_of_line(std::string_view text, std::size_t from) {
  const std::size_t end = text.find(mail::crlf, from);
  return end == std::string_view::npos ? text.size() : end + mail::crlf.size();
}

}  // namespace

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = end_of_line(text, begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return lines;
}

std::string_view without_line_end(std::string_view line) {
  return line.ends_with(mail::crlf) ? line.substr(0, line.size() - mail::crlf.size()) : line;
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  std::size_t line = 0;
  for (std::size_t i = text.find(mail::crlf); i < offset && i != std::string_view::npos;
       i = text.find(mail::crlf, i + mail::crlf.size())) {
    line += i + 1 < offset ? 1 : 0;
  }
  return line;
}

CanonicalBody::CanonicalBody(std::string_view body, dkim::Canonicalization canonicalization) {
  dkim::BodyCanonicalizer canonicalizer(canonicalization);
  text_.reserve(body.size() + mail::crlf.size());
  const auto append = [this](std::string_view piece) { text_.append(piece); };
  canonicalizer.update(body, append);
  canonicalizer.finish(append);
  for (std::size_t begin = 0; begin < text_.size();) {
    begin = end_of_line(text_, begin);
    ends_.push_back(begin);
  }
}

}  // namespace sekisho::dkim_diagnosis
