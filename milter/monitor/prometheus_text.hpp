// Metrics as text, in the format 0.0.4 of Prometheus' prometheus_text.
#pragma once

#include "histogram.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::milter {

/// A page of metrics under construction: a family, then its samples, then the next.
class PrometheusText {
 public:
  static constexpr auto content_type = "text/plain; version=0.0.4; charset=utf-8";

  enum class Kind { counter, gauge };
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  void family(std::string_view name, Kind kind, std::string_view help);
  /// One more of the latest family. Label values may be any text.
  void sample(const Labels& labels, std::uint64_t value);
  void sample(std::uint64_t value) { sample({}, value); }
  /// A family with its samples, in seconds.
  void histogram(std::string_view name, std::string_view help, const Histogram::Reading& reading);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void head(std::string_view name, std::string_view kind, std::string_view help);

  std::string name_;
  std::string text_;
};

}  // namespace sekisho::milter
