#include "milter/monitor/message_line.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>

namespace sekisho::milter {

namespace {

constexpr std::size_t longest_value = 256;

bool stands_for_itself(char c) {
  return c > ' ' && c < 0x7F && c != '"' && c != '\\';
}

std::string escaped(std::string_view value, bool blanks_stay) {
  constexpr std::string_view digits = "0123456789abcdef";
  const bool cut = value.size() > longest_value;
  value = value.substr(0, longest_value);
  if (!value.empty() && std::ranges::all_of(value, stands_for_itself)) {
    return std::string(value) + (cut ? "..." : "");
  }
  std::string text = "\"";
  for (const char c : value) {
    if (stands_for_itself(c) || (c == ' ' && blanks_stay)) {
      text += c;
    } else if (c == '"' || c == '\\') {
      text.append("\\").append(1, c);
    } else {
      const auto octet = static_cast<unsigned char>(c);
      text.append("\\x").append(1, digits[octet >> 4U]).append(1, digits[octet & 0xFU]);
    }
  }
  return text + (cut ? "...\"" : "\"");
}

/// A line under construction.
class Line {
 public:
  explicit Line(std::string_view queue_id)
      : text_((queue_id.empty() ? "NOQUEUE" : escape_value(queue_id)) + ":") {}

  void add(const Fact& fact) {
    std::visit([&](const auto& value) { write(fact, value); }, fact.value);
  }
  std::string take() { return std::move(text_); }

 private:
  void append(std::string_view key, std::string_view value) {
    text_.append(" ").append(key).append("=").append(value);
  }
  void write(const Fact& fact, const std::string& value) { append(fact.key, escape_value(value)); }
  void write(const Fact& fact, const EnvelopeAddress& address) {
    append(fact.key, escape_value("<" + address.text + ">"));
  }
  void write(const Fact& fact, std::uint64_t number) { append(fact.key, std::to_string(number)); }
  void write(const Fact& fact, const Sentence& sentence) {
    if (!fact.under.empty()) {
      append(fact.under, fact.key);
    }
    append(fact.under.empty() ? fact.key : "why", quote_text(sentence.text));
  }
  void write(const Fact& fact, const Entries& entries) {
    if (entries.empty()) {
      append(fact.key, "none");
    }
    for (const Facts& entry : entries) {
      write_entry(fact, entry);
    }
  }
  void write_entry(const Fact& fact, std::span<const Fact> entry) {
    if (!fact.under.empty()) {
      append(fact.under, fact.key);
    } else {
      append(fact.key, escape_value(std::get<std::string>(entry.front().value)));
      entry = entry.subspan(1);
    }
    for (const Fact& part : entry) {
      add(part);
    }
  }

  std::string text_;
};

}  // namespace

std::string escape_value(std::string_view value) {
  return escaped(value, /*blanks_stay=*/false);
}

std::string quote_text(std::string_view text) {
  return escaped(text, /*blanks_stay=*/true);
}

std::string format_line(const MessageFacts& message) {
  Line line(message.queue_id);
  for (const Fact& fact : message.facts) {
    line.add(fact);
  }
  return line.take();
}

}  // namespace sekisho::milter
