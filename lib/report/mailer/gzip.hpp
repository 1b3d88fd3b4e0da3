// Compresses reports as they are written (RFC 1952).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sekisho::report::mailer {

/// Writes one gzip member to memory. Equal input gives equal output: no name, no time.
class GzipWriter {
 public:
  /// Beyond `max_octets`, further output is dropped.
  explicit GzipWriter(std::size_t max_octets);
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  void write(std::string_view data);
  /// Returns true if there was more than `max_octets`.
  [[nodiscard]] bool is_over_limit() const { return over_limit_; }
  /// Returns the compressed data, useless if is_over_limit(). Call once, at the end.
  [[nodiscard]] std::string finish();

 private:
  struct Stream;
  void deflate(std::string_view data, int flush);

  std::unique_ptr<Stream> stream_;
  std::string output_;
  std::size_t max_octets_;
  bool over_limit_ = false;
};

}  // namespace sekisho::report::mailer
