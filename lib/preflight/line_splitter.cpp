#include "preflight/line_splitter.hpp"

#include "mail/ascii.hpp"

#include <algorithm>

namespace sekisho::preflight {

void LineSplitter::add(std::string_view chunk, const Sink& sink) {
  while (!chunk.empty()) {
    const std::size_t end = chunk.find('\n');
    scan(chunk.substr(0, end));
    if (end == std::string_view::npos) {
      return;
    }
    ++octets_;
    chunk.remove_prefix(end + 1);
    end_line(ends_in_cr_ ? LineEnd::crlf : LineEnd::lf, sink);
  }
}

void LineSplitter::finish(const Sink& sink) {
  if (ends_in_cr_) {
    bare_cr_ = bare_cr_.value_or(Spot{number_, octets_ - 1});
    keep("\r");
    ends_in_cr_ = false;
  }
  if (length_ > 0) {
    end_line(LineEnd::none, sink);
  }
}

void LineSplitter::keep(std::string_view part) {
  length_ += part.size();
  if (text_.size() < limit_) {
    text_ += part.substr(0, limit_ - text_.size());
  }
}

// A part of one line, without LF. A CR at its end may belong to the line end.
void LineSplitter::scan(std::string_view part) {
  if (part.empty()) {
    return;
  }
  if (ends_in_cr_) {
    bare_cr_ = bare_cr_.value_or(Spot{number_, octets_ - 1});
    keep("\r");
  }
  ends_in_cr_ = part.ends_with('\r');
  const std::string_view content = part.substr(0, part.size() - (ends_in_cr_ ? 1 : 0));
  for (std::size_t i = 0; i < content.size(); ++i) {
    const char c = content[i];
    has_eight_bit_ = has_eight_bit_ || mail::is_eight_bit(c);
    if (c == '\0') {
      nul_ = nul_.value_or(Spot{number_, octets_ + i});
    } else if (c == '\r') {
      bare_cr_ = bare_cr_.value_or(Spot{number_, octets_ + i});
    }
  }
  keep(content);
  octets_ += part.size();
}

void LineSplitter::end_line(LineEnd end, const Sink& sink) {
  const Spot spot{number_, octets_ - 1};
  if (end != LineEnd::none) {
    first_end_ = first_end_.value_or(end);
    if (end == LineEnd::lf) {
      first_lf_ = first_lf_.value_or(spot);
    }
    if (end != *first_end_ && !mixed_end_) {
      mixed_end_ = first_lf_;  // either this one or, where LF came first, that one
    }
  }
  sink({text_, length_, number_, line_offset_, end, has_eight_bit_});
  text_.clear();
  length_ = 0;
  has_eight_bit_ = false;
  ends_in_cr_ = false;
  ++number_;
  line_offset_ = octets_;
}

}  // namespace sekisho::preflight
