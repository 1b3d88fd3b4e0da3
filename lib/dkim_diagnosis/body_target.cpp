#include "dkim_diagnosis/body_target.hpp"

#include "mail/line_ends.hpp"

#include <algorithm>

namespace sekisho::dkim_diagnosis {

namespace {}  // namespace

BodyTarget::BodyTarget(const dkim::Signature& signature, Budget& budget)
    : canonicalization_(signature.body_canonicalization),
      algorithm_(signature.body_hash_request().hash),
      digest_(signature.body_hash),
      length_(signature.body_length),
      budget_(budget) {}

bool BodyTarget::fits(std::span<const std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) {
    size += piece.size();
  }
  if (!budget_.spend(size)) {
    return false;
  }
  std::uint64_t left = length_.value_or(size);
  if (left > size) {
    return false;
  }
  crypto::Digest digest(algorithm_);
  for (const std::string_view piece : pieces) {
    const std::string_view hashed = piece.substr(0, std::min<std::uint64_t>(left, piece.size()));
    digest.update(hashed);
    left -= hashed.size();
  }
  return digest.finish() == digest_;
}

bool BodyTarget::fits_body(std::string_view body) {
  return budget_.copy(body.size()) && fits(CanonicalBody(body, canonicalization_).text());
}

// RFC 6376 §3.4.3, §3.4.4: an empty body is one CRLF, or nothing.
bool BodyTarget::is_empty_body() {
  return fits(canonicalization_ == dkim::Canonicalization::simple ? mail::crlf : "");
}

bool BodyTarget::ends_with(const crypto::Digest& before, std::string_view rest) {
  if (!budget_.spend(rest.size())) {
    return false;
  }
  crypto::Digest digest(before);
  digest.update(rest);
  return digest.finish() == digest_;
}

std::optional<std::size_t> BodyTarget::find_tail(const CanonicalBody& body, std::size_t first) {
  if (length_) {
    return std::nullopt;  // l= leaves the end of the body unsigned
  }
  crypto::Digest digest(algorithm_);
  for (std::size_t i = first; i < body.line_count(); ++i) {
    const std::string_view line = body.line(i);
    // Empty lines at the end of a body are not hashed, so that none of them is the last.
    const bool may_be_last = line != mail::crlf;
    if (!(may_be_last ? budget_.spend(line.size()) : budget_.copy(4 * line.size()))) {
      return std::nullopt;
    }
    digest.update(line);
    if (may_be_last && digest.current() == digest_) {
      return i + 1;
    }
  }
  return is_empty_body() ? std::optional(first) : std::nullopt;
}

std::optional<std::size_t> BodyTarget::find_head(const CanonicalBody& body, std::size_t most) {
  for (std::size_t k = 1; k <= std::min(most, body.line_count()); ++k) {
    if (fits(body.text().substr(body.start(k)))) {
      return k;
    }
  }
  return std::nullopt;
}

std::optional<std::pair<std::size_t, std::size_t>> BodyTarget::find_block(const CanonicalBody& body,
                                                                          const BlockRules& rules) {
  if (length_) {
    return std::nullopt;
  }
  crypto::Digest before(algorithm_);
  for (std::size_t begin = 0; begin < body.line_count(); ++begin) {
    const std::size_t last =
        rules.most == 0 ? body.line_count() : std::min(body.line_count(), begin + rules.most);
    for (std::size_t end = begin + 1; rules.may_begin(begin) && end <= last; ++end) {
      if (rules.may_end(end) && ends_with(before, body.text().substr(body.start(end)))) {
        return std::pair(begin, end);
      }
      if (budget_.is_exhausted()) {
        return std::nullopt;
      }
    }
    before.update(body.line(begin));
  }
  return std::nullopt;
}

std::optional<std::pair<std::size_t, std::size_t>> BodyTarget::find_line(
    const CanonicalBody& body, const Alternatives& alternatives) {
  if (length_) {
    return std::nullopt;
  }
  crypto::Digest before(algorithm_);
  for (std::size_t i = 0; i < body.line_count(); ++i) {
    const std::vector<std::string> texts = alternatives(i);
    for (std::size_t k = 0; k < texts.size(); ++k) {
      crypto::Digest digest(before);
      digest.update(texts[k]);
      if (ends_with(digest, body.text().substr(body.start(i + 1)))) {
        return std::pair(i, k);
      }
    }
    if (budget_.is_exhausted()) {
      return std::nullopt;
    }
    before.update(body.line(i));
  }
  return std::nullopt;
}

}  // namespace sekisho::dkim_diagnosis
