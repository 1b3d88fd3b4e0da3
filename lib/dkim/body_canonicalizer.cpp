#include "dkim/body_canonicalizer.hpp"

#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <array>

#include <experimental/simd>

namespace sekisho::dkim {

namespace {

constexpr std::size_t gathered_size = 1'024;

// As many octets as the processor compares at once.
using Octets = std::experimental::native_simd<char>;

// A blank that may not stand as it is: a tab, or a space before another blank or before a CR. For
// one octet and the one behind it, or for as many as Octets holds.
template <typename Value>
auto is_irregular(Value here, Value next) {
  return here == '\t' || (here == ' ' && (next == ' ' || next == '\t' || next == '\r'));
}

// Where the first blank stands that must not be copied as it is. The last octet counts as one if it
// is a blank, since what follows it is not known.
std::size_t find_irregular(std::string_view text, std::size_t from) {
  const auto octets_at = [text](std::size_t i) {
    return Octets(text.data() + i, std::experimental::element_aligned);
  };
  for (; from + Octets::size() < text.size(); from += Octets::size()) {
    const auto irregular = is_irregular(octets_at(from), octets_at(from + 1));
    if (any_of(irregular)) {
      return from + static_cast<std::size_t>(find_first_set(irregular));
    }
  }
  const std::size_t last = text.size() - 1;
  while (from < last && !is_irregular(text[from], text[from + 1])) {
    ++from;
  }
  return from == last && !mail::is_blank(text[last]) ? text.size() : from;
}

std::size_t find_not_blank(std::string_view text, std::size_t from) {
  return std::min(text.find_first_not_of(mail::blanks, from), text.size());
}

}  // namespace

void BodyCanonicalizer::update(std::string_view chunk, const BodySink& sink) {
  if (canonicalization_ == Canonicalization::simple) {
    pass_on(chunk, sink);
    return;
  }
  reduce_blanks(chunk, sink);
  write_gathered(sink);
}

// RFC 6376 §3.4.4 (a): no blanks at the end of a line, one space for each other run of them.
void BodyCanonicalizer::reduce_blanks(std::string_view text, const BodySink& sink) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (return_held_) {
      if (text[i] == '\n') {
        blank_held_ = false;
      }
      write_held_blank();
    } else if (blank_held_) {
      i = find_not_blank(text, i);
      if (i == text.size()) {
        return;
      }
      if (text[i] == '\r') {
        return_held_ = true;
        ++i;
        continue;
      }
      write_held_blank();
    }
    const std::size_t irregular = find_irregular(text, i);
    write(text.substr(i, irregular - i), sink);
    i = irregular;
    blank_held_ = i < text.size();
  }
}

// What is long goes on as it stands; what is short is gathered, since each piece has its price.
void BodyCanonicalizer::write(std::string_view piece, const BodySink& sink) {
  if (piece.size() > gathered_size) {
    write_gathered(sink);
    pass_on(piece, sink);
    return;
  }
  if (gathered_.size() + piece.size() > gathered_size) {
    write_gathered(sink);
  }
  gathered_.append(piece);
}

void BodyCanonicalizer::write_gathered(const BodySink& sink) {
  pass_on(gathered_, sink);
  gathered_.clear();
}

void BodyCanonicalizer::write_held_blank() {
  if (blank_held_) {
    gathered_.push_back(' ');
  }
  if (return_held_) {
    gathered_.push_back('\r');
  }
  blank_held_ = false;
  return_held_ = false;
}

// Holds back the line ends at the end of `text`: if nothing follows them they are the empty lines
// at the end of the body, which do not count (RFC 6376 §3.4.3, §3.4.4 (b)).
void BodyCanonicalizer::pass_on(std::string_view text, const BodySink& sink) {
  if (last_return_held_ && text.starts_with('\n')) {
    last_return_held_ = false;
    ++line_ends_held_;
    text.remove_prefix(1);
  }
  if (text.empty()) {
    return;
  }
  std::size_t end = text.size();
  const bool ends_in_return = text.ends_with('\r');
  if (ends_in_return) {
    --end;
  }
  std::uint64_t line_ends = 0;
  while (text.substr(0, end).ends_with(mail::crlf)) {
    end -= mail::crlf.size();
    ++line_ends;
  }
  if (end > 0 || last_return_held_) {
    write_held_lines(sink);
    sink(text.substr(0, end));
  }
  line_ends_held_ += line_ends;
  last_return_held_ = ends_in_return;
}

void BodyCanonicalizer::write_held_lines(const BodySink& sink) {
  static constexpr std::size_t lines_at_once = 512;
  static constexpr auto many_line_ends = [] {
    std::array<char, lines_at_once * 2> text{};
    for (std::size_t i = 0; i < text.size(); ++i) {
      text.at(i) = mail::crlf[i % mail::crlf.size()];
    }
    return text;
  }();
  while (line_ends_held_ > 0) {
    const std::uint64_t count = std::min<std::uint64_t>(line_ends_held_, lines_at_once);
    sink({many_line_ends.data(), count * mail::crlf.size()});
    line_ends_held_ -= count;
  }
  if (last_return_held_) {
    sink("\r");
  }
  is_empty_ = false;
}

void BodyCanonicalizer::finish(const BodySink& sink) {
  if (return_held_) {
    write_held_blank();
    write_gathered(sink);
  }
  if (last_return_held_) {
    write_held_lines(sink);
  }
  // RFC 6376 §3.4.3: an empty body is one CRLF; §3.4.4: it is nothing at all.
  if (!is_empty_ || canonicalization_ == Canonicalization::simple) {
    sink(mail::crlf);
  }
}

}  // namespace sekisho::dkim
