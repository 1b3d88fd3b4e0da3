#include "dkim/body_tail.hpp"

#include "mail/line_ends.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim {

namespace {

std::size_t count_lines(std::string_view text) {
  std::size_t lines = 0;
  for (std::size_t at = text.find(mail::crlf); at != std::string_view::npos;
       at = text.find(mail::crlf, at + mail::crlf.size())) {
    ++lines;
  }
  return lines;
}

}  // namespace

BodyTail::BodyTail(const crypto::Digest& start, std::uint64_t max_octets)
    : before_older_(start), before_newer_(start), max_octets_(max_octets) {}

void BodyTail::update(std::string_view text, crypto::Digest& digest) {
  octets_ += text.size();
  if (is_given_up()) {
    digest.update(text);
    older_.clear();
    newer_.clear();
    return;
  }
  while (!text.empty()) {
    if (newer_.size() == block_octets) {
      before_older_ = std::exchange(before_newer_, digest);
      std::swap(older_, newer_);
      newer_.clear();
    }
    const std::string_view piece = text.substr(0, block_octets - newer_.size());
    digest.update(piece);
    newer_.append(piece);
    text.remove_prefix(piece.size());
  }
}

std::optional<std::size_t> BodyTail::find(const crypto::Bytes& wanted) const {
  if (is_given_up()) {
    return std::nullopt;
  }
  const std::string text = older_ + newer_;
  crypto::Digest digest(older_.empty() ? before_newer_ : before_older_);
  std::size_t hashes = 0;
  for (std::size_t begin = 0; begin < text.size() && hashes < max_hashes;) {
    const std::size_t found = text.find(mail::crlf, begin);
    const std::size_t end = found == std::string::npos ? text.size() : found + mail::crlf.size();
    digest.update(std::string_view(text).substr(begin, end - begin));
    // Empty lines at the end of a body are not hashed (RFC 6376 §3.4.3), so that none ends it.
    const bool is_empty_line = found == begin;
    if (!is_empty_line && end < text.size()) {
      ++hashes;
      if (digest.current() == wanted) {
        return count_lines(std::string_view(text).substr(end));
      }
    }
    begin = end;
  }
  return std::nullopt;
}

}  // namespace sekisho::dkim
