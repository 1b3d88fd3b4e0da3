// A value of the configuration file, apart from the library that reads TOML, and how each type of
// option is made from one and written as one.
#pragma once

#include "dns/network.hpp"
#include "dns/stub_resolver.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace sekisho::config {

/// What TOML has and no option takes (a date, a float, a table, a list of anything but strings):
/// its name, for people.
struct Unusable {
  std::string what;
};
using Value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>, Unusable>;

/// The text as a TOML basic string, with its quotes.
[[nodiscard]] std::string quote(std::string_view text);
/// For people: `is "x"`, `is the integer 5`, `is a table` … A URI that may hold a
/// password is not quoted.
[[nodiscard]] std::string describe(const Value& value);

/// What is wrong with a value and what was expected in its place.
struct Mismatch {
  std::string what;
  std::string expected;
};

/// How one type of option is read, written and named: `type()` for the documents, `expected()` for
/// whoever wrote something else, `read()`, and `write()` as it stands in TOML.
template <typename T>
struct Codec;

/// The words of an enumeration, declared next to the table: an array `all` of Word.
template <typename E>
struct Words;
template <typename E>
using Word = std::pair<std::string_view, E>;

template <>
struct Codec<bool> {
  static std::string type() { return "boolean"; }
  static std::string expected() { return "true or false"; }
  [[nodiscard]] static std::expected<bool, Mismatch> read(const Value& value);
  static std::string write(bool value) { return value ? "true" : "false"; }
};

template <>
struct Codec<std::string> {
  static std::string type() { return "string"; }
  static std::string expected() { return "a string in quotes"; }
  [[nodiscard]] static std::expected<std::string, Mismatch> read(const Value& value);
  static std::string write(const std::string& value) { return quote(value); }
};

template <>
struct Codec<std::size_t> {
  static std::string type() { return "integer"; }
  static std::string expected() { return "a whole number, zero or more"; }
  [[nodiscard]] static std::expected<std::size_t, Mismatch> read(const Value& value);
  static std::string write(std::size_t value) { return std::to_string(value); }
};

/// `500ms`, `5s`, `2m`, `1h`, `7d`, in quotes.
template <>
struct Codec<std::chrono::milliseconds> {
  static std::string type() { return "duration"; }
  static std::string expected() {
    return R"(a duration such as "500ms", "5s", "2m", "1h" or "7d")";
  }
  [[nodiscard]] static std::expected<std::chrono::milliseconds, Mismatch> read(const Value& value);
  static std::string write(std::chrono::milliseconds value);
};

/// The same, in whole seconds.
template <>
struct Codec<std::chrono::seconds> {
  static std::string type() { return "duration"; }
  static std::string expected() { return R"(a duration in whole seconds, such as "5s" or "2m")"; }
  [[nodiscard]] static std::expected<std::chrono::seconds, Mismatch> read(const Value& value);
  static std::string write(std::chrono::seconds value);
};

template <>
struct Codec<std::vector<dns::Server>> {
  static std::string type() { return "list of servers"; }
  static std::string expected() { return R"(a list such as ["127.0.0.1", "[::1]:5353"])"; }
  [[nodiscard]] static std::expected<std::vector<dns::Server>, Mismatch> read(const Value& value);
  static std::string write(const std::vector<dns::Server>& value);
};

template <>
struct Codec<std::vector<std::string>> {
  static std::string type() { return "list of strings"; }
  static std::string expected() { return R"(a list such as ["one", "two"])"; }
  [[nodiscard]] static std::expected<std::vector<std::string>, Mismatch> read(const Value& value);
  static std::string write(const std::vector<std::string>& value);
};

template <>
struct Codec<std::vector<dns::Network>> {
  static std::string type() { return "list of networks"; }
  static std::string expected() { return R"(a list such as ["192.0.2.0/24", "::1"])"; }
  [[nodiscard]] static std::expected<std::vector<dns::Network>, Mismatch> read(const Value& value);
  static std::string write(const std::vector<dns::Network>& value);
};

template <>
struct Codec<std::vector<mail::Domain>> {
  static std::string type() { return "list of domains"; }
  static std::string expected() { return R"(a list such as ["example.org", "example.net"])"; }
  [[nodiscard]] static std::expected<std::vector<mail::Domain>, Mismatch> read(const Value& value);
  static std::string write(const std::vector<mail::Domain>& value);
};

template <typename E>
  requires std::is_enum_v<E>
struct Codec<E> {
  static std::string type() { return "one of " + list(); }
  static std::string expected() { return type(); }
  [[nodiscard]] static std::expected<E, Mismatch> read(const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    for (const auto& [word, enumerator] : Words<E>::all) {
      if (text != nullptr && *text == word) {
        return enumerator;
      }
    }
    return std::unexpected(Mismatch{describe(value), expected()});
  }
  static std::string write(E value) {
    const auto found = std::ranges::find(Words<E>::all, value, &Word<E>::second);
    return quote(found->first);  // the table of words names every enumerator
  }

 private:
  static std::string list() {
    std::string words;
    for (const auto& [word, enumerator] : Words<E>::all) {
      words += (words.empty() ? "" : ", ") + quote(word);
    }
    return words;
  }
};

}  // namespace sekisho::config
