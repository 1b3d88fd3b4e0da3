// How a row of the table of options is made, from the member that it sets.
#pragma once

#include "config/option_table.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace sekisho::config {

/// A bound beyond the type: nothing, or what was expected.
template <typename T>
using Check = std::function<std::optional<std::string>(const T&)>;

template <typename T>
[[nodiscard]] Check<T> between(T least, T most) {
  return [least, most](const T& value) -> std::optional<std::string> {
    if (value >= least && value <= most) {
      return std::nullopt;
    }
    return Codec<T>::write(least) + " to " + Codec<T>::write(most);
  };
}

/// `access` gives the member of Options, const or not as Options is.
template <typename Access,
          typename T = std::remove_cvref_t<std::invoke_result_t<const Access&, Options&>>>
Option row(std::string name, Access access, std::string help, Check<T> check = nullptr) {
  Option option;
  option.name = std::move(name);
  option.type = Codec<T>::type();
  option.help = std::move(help);
  option.read = [access, check = std::move(check)](Options& options,
                                                   const Value& value) -> std::optional<Mismatch> {
    auto read = Codec<T>::read(value);
    if (!read) {
      return std::move(read).error();
    }
    if (check) {
      if (auto wanted = check(*read)) {
        return Mismatch{describe(value), *std::move(wanted)};
      }
    }
    access(options) = *std::move(read);
    return std::nullopt;
  };
  option.write = [access](const Options& options) { return Codec<T>::write(access(options)); };
  return option;
}

/// A row whose value may hold a password: no message quotes it, and `shown` makes of a text what
/// may be shown of it.
[[nodiscard]] Option without_secret(Option option, std::string (*shown)(std::string_view));

inline constexpr auto counts = [](std::size_t least, std::size_t most) {
  return between<std::size_t>(least, most);
};

/// The parts of the table, each a subject with its own file.
void add_policy_rows(std::vector<Option>& table);
void add_rule_rows(std::vector<Option>& table);
void add_arc_rows(std::vector<Option>& table);
void add_failure_rows(std::vector<Option>& table);
void add_feedback_rows(std::vector<Option>& table);
void add_preflight_rows(std::vector<Option>& table);
void add_proof_rows(std::vector<Option>& table);
void add_report_rows(std::vector<Option>& table);
void add_signing_rows(std::vector<Option>& table);
void add_watching_rows(std::vector<Option>& table);

}  // namespace sekisho::config
