// How what works on a report is left where the store fails.
#pragma once

#include "report/store/database.hpp"

#include <expected>
#include <type_traits>
#include <utility>

namespace sekisho::report::aggregate_sender {

/// Thrown within, and never out of Sender::send().
struct StoreFailure {
  store::StoreError error;
};

template <typename T>
T checked(std::expected<T, store::StoreError> result) {
  if (!result) {
    throw StoreFailure{std::move(result.error())};
  }
  if constexpr (!std::is_void_v<T>) {
    return *std::move(result);
  }
}

}  // namespace sekisho::report::aggregate_sender
