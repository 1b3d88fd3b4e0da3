// A mutex and the data that it protects, in one: without the lock the data cannot be named.
#pragma once

#include <mutex>
#include <utility>

namespace sekisho {

template <typename T>
class Guarded {
 public:
  /// The data, for as long as this object lives.
  class Lock {
   public:
    Lock(std::mutex& mutex, T& data) : lock_(mutex), data_(data) {}
    T& operator*() const { return data_; }
    T* operator->() const { return &data_; }

   private:
    std::unique_lock<std::mutex> lock_;
    T& data_;
  };

  Guarded() = default;
  explicit Guarded(T data) : data_(std::move(data)) {}

  Lock lock() { return Lock(mutex_, data_); }

 private:
  std::mutex mutex_;
  T data_{};
};

}  // namespace sekisho
