// Compression of reports while they are written (RFC 1952).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sekisho::report::mailer {

/// One gzip member in memory. The same octets in give the same octets out: no name, no time.
class GzipWriter {
 public:
  /// Past `max_octets` of output nothing more is kept.
  explicit GzipWriter(std::size_t max_octets);
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  void write(std::string_view data);
  /// Whether there was more than `max_octets`.
  [[nodiscard]] bool is_over_limit() const { return over_limit_; }
  /// The compressed data; of no use when is_over_limit(). To be called once, at the end.
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
