// Canonicalisation of a body that arrives in chunks (RFC 6376 §3.4.3, §3.4.4).
#pragma once

#include "dkim/canonicalize.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sekisho::dkim {

/// Takes pieces of the canonical body as they become certain.
using BodySink = std::function<void(std::string_view)>;

/// The body in chunks of any size, then finish(). Where a chunk ends makes no difference to what
/// comes out. Only CRLF ends a line; a bare CR or LF is an octet like any other. Memory does not
/// grow with the body, with its lines or with the empty lines at its end.
class BodyCanonicalizer {
 public:
  explicit BodyCanonicalizer(Canonicalization canonicalization)
      : canonicalization_(canonicalization) {}

  void update(std::string_view chunk, const BodySink& sink);
  void finish(const BodySink& sink);

 private:
  void reduce_blanks(std::string_view text, const BodySink& sink);
  void write_held_blank();
  void write(std::string_view piece, const BodySink& sink);
  void write_gathered(const BodySink& sink);
  void pass_on(std::string_view text, const BodySink& sink);
  void write_held_lines(const BodySink& sink);

  Canonicalization canonicalization_;
  std::string gathered_;  ///< Short pieces with their blanks reduced, within one update() alone.
  // What the blanks' reduction holds back, in this order.
  bool blank_held_ = false;   ///< A run of blanks, which is nothing if the line ends after it.
  bool return_held_ = false;  ///< A CR after those blanks, which LF may follow.
  // What the search for the end of the body holds back, in this order.
  std::uint64_t line_ends_held_ = 0;  ///< CRLFs with nothing after them yet.
  bool last_return_held_ = false;     ///< A CR after them.
  bool is_empty_ = true;              ///< Nothing but line ends was seen.
};

}  // namespace sekisho::dkim
