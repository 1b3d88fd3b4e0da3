// On which thread an object was freed: for objects whose last owner may be on their own thread.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>

namespace sekisho::test {

class FreedOn {
 public:
  /// Of this thread, once.
  void tell() { promise_.set_value(std::this_thread::get_id()); }
  /// The thread that told. Throws where none does within a minute.
  [[nodiscard]] std::thread::id wait() {
    constexpr std::chrono::minutes patience{1};
    std::future<std::thread::id> told = promise_.get_future();
    if (told.wait_for(patience) != std::future_status::ready) {
      throw std::runtime_error("the object was not freed");
    }
    return told.get();
  }

 private:
  std::promise<std::thread::id> promise_;
};

/// Takes the object; `freed_on` is told when its destructor has run.
template <typename T>
[[nodiscard]] std::shared_ptr<T> watched(T* object, std::shared_ptr<FreedOn> freed_on) {
  return std::shared_ptr<T>(object, [freed_on = std::move(freed_on)](T* last) {
    delete last;  // NOLINT(cppcoreguidelines-owning-memory): this is the owner
    freed_on->tell();
  });
}

}  // namespace sekisho::test
