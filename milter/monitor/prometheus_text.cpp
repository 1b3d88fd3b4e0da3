#include "milter/monitor/prometheus_text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace sekisho::milter {

namespace {

std::string format_seconds(std::chrono::duration<double> time) {
  std::array<char, 64> text{};
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), time.count(), std::chars_format::fixed);
  return {text.data(), end};  // any double up to ten thousand years of microseconds has room
}

std::string escape(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

}  // namespace

void PrometheusText::head(std::string_view name, std::string_view kind, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(kind).append("\n");
}

void PrometheusText::family(std::string_view name, Kind kind, std::string_view help) {
  head(name, kind == Kind::counter ? "counter" : "gauge", help);
}

void PrometheusText::sample(const Labels& labels, std::uint64_t value) {
  text_ += name_;
  char before = '{';
  for (const auto& [label, content] : labels) {
    text_.append(1, before).append(label).append("=\"").append(escape(content)).append("\"");
    before = ',';
  }
  text_.append(labels.size() == 0 ? " " : "} ").append(std::to_string(value)).append("\n");
}

void PrometheusText::histogram(std::string_view name, std::string_view help,
                               const Histogram::Reading& reading) {
  head(name, "histogram", help);
  const std::string family = name_;
  name_ = family + "_bucket";
  for (std::size_t i = 0; i < Histogram::bounds.size(); ++i) {
    sample({{"le", format_seconds(Histogram::bounds[i])}}, reading.up_to[i]);
  }
  sample({{"le", "+Inf"}}, reading.count());
  text_.append(family).append("_sum ").append(format_seconds(reading.sum)).append("\n");
  name_ = family + "_count";
  sample(reading.count());
}

}  // namespace sekisho::milter
