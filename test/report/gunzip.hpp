// Unpacks what GzipWriter packs, by zlib alone.
#pragma once

#include <string>

#include <zlib.h>

#include <catch2/catch.hpp>

namespace sekisho::report {

/// One gzip member, with nothing behind it.
inline std::string gunzip(std::string data) {
  constexpr std::size_t max_text = 10'000'000;
  std::string text(max_text, '\0');
  z_stream state{};
  REQUIRE(inflateInit2(&state, MAX_WBITS + 16) == Z_OK);
  state.next_in = reinterpret_cast<Bytef*>(data.data());
  state.avail_in = static_cast<uInt>(data.size());
  state.next_out = reinterpret_cast<Bytef*>(text.data());
  state.avail_out = static_cast<uInt>(text.size());
  CHECK(inflate(&state, Z_FINISH) == Z_STREAM_END);
  CHECK(state.avail_in == 0);
  text.resize(state.total_out);
  inflateEnd(&state);
  return text;
}

}  // namespace sekisho::report
