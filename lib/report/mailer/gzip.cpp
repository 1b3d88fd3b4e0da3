#include "report/mailer/gzip.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include <zlib.h>

namespace sekisho::report::mailer {

struct GzipWriter::Stream {
  z_stream state{};

  Stream() {
    constexpr int gzip_header = 16;
    constexpr int memory_level = 8;
    if (deflateInit2(&state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + gzip_header,
                     memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Stream() { deflateEnd(&state); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

GzipWriter::GzipWriter(std::size_t max_octets)
    : stream_(std::make_unique<Stream>()), max_octets_(max_octets) {}

GzipWriter::~GzipWriter() = default;

void GzipWriter::write(std::string_view data) {
  constexpr std::size_t most = std::numeric_limits<uInt>::max();
  while (!data.empty() && !over_limit_) {
    const std::string_view piece = data.substr(0, most);
    deflate(piece, Z_NO_FLUSH);
    data.remove_prefix(piece.size());
  }
}

std::string GzipWriter::finish() {
  if (!over_limit_) {
    deflate({}, Z_FINISH);
  }
  return std::move(output_);
}

void GzipWriter::deflate(std::string_view data, int flush) {
  std::array<char, 16'384> buffer{};
  z_stream& state = stream_->state;
  // zlib only reads it, but its header lacks the const.
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));  // NOLINT
  state.avail_in = static_cast<uInt>(data.size());
  do {
    state.next_out = reinterpret_cast<Bytef*>(buffer.data());
    state.avail_out = static_cast<uInt>(buffer.size());
    ::deflate(&state, flush);
    const std::size_t count = buffer.size() - state.avail_out;
    over_limit_ = over_limit_ || count > max_octets_ - output_.size();
    if (!over_limit_) {
      output_.append(buffer.data(), count);
    }
  } while (state.avail_out == 0 && !over_limit_);
}

}  // namespace sekisho::report::mailer
