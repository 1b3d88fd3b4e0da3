// Body canonicalisation: the first octets cut the rest into chunks, and the result must be what the
// plain reading of RFC 6376 §3.4.3 and §3.4.4 gives for the whole.
#include "dkim/body_canonicalizer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace sekisho;

// A line of the body with its blanks reduced.
std::string reduce(std::string_view line) {
  std::string reduced;
  for (const char c : line) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank || !reduced.ends_with(' ')) {
      reduced.push_back(is_blank ? ' ' : c);
    }
  }
  if (reduced.ends_with(' ')) {
    reduced.pop_back();
  }
  return reduced;
}

std::string whole(std::string_view body, dkim::Canonicalization canonicalization) {
  std::vector<std::string> lines;
  for (bool more = true; more;) {
    const std::size_t end = body.find("\r\n");
    const std::string_view line = body.substr(0, end);
    lines.push_back(canonicalization == dkim::Canonicalization::relaxed ? reduce(line)
                                                                        : std::string(line));
    more = end != std::string_view::npos;
    body.remove_prefix(more ? end + 2 : 0);
  }
  while (!lines.empty() && lines.back().empty()) {
    lines.pop_back();
  }
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\r\n";
  }
  return text.empty() && canonicalization == dkim::Canonicalization::simple ? "\r\n" : text;
}

std::string in_chunks(std::string_view body, std::string_view sizes,
                      dkim::Canonicalization canonicalization) {
  std::string text;
  const dkim::BodySink sink = [&text](std::string_view piece) { text += piece; };
  dkim::BodyCanonicalizer canonicalizer(canonicalization);
  for (std::size_t i = 0; !body.empty(); ++i) {
    const auto octet = static_cast<std::uint8_t>(sizes[i % sizes.size()]);
    const std::size_t size = std::clamp<std::size_t>(octet, 1, body.size());
    canonicalizer.update(body.substr(0, size), sink);
    body.remove_prefix(size);
  }
  canonicalizer.finish(sink);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t size_octets = 4;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.size() < size_octets) {
    return 0;
  }
  for (const auto canonicalization :
       {dkim::Canonicalization::simple, dkim::Canonicalization::relaxed}) {
    const std::string_view body = text.substr(size_octets);
    const std::string chunked = in_chunks(body, text.substr(0, size_octets), canonicalization);
    if (chunked != whole(body, canonicalization)) {
      std::abort();
    }
  }
  return 0;
}
