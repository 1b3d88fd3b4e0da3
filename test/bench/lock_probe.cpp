// Preloaded into a daemon it tells, at the daemon's end, which locks were waited for: how often
// each caller took one, how often it was taken already, and how long the caller then waited.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include <dlfcn.h>
#include <pthread.h>

namespace {

using Clock = std::chrono::steady_clock;

/// A place in the code that takes locks.
struct Caller {
  std::atomic<void*> address = nullptr;
  std::atomic<std::uint64_t> taken = 0;
  std::atomic<std::uint64_t> waited = 0;
  std::atomic<std::uint64_t> nanoseconds = 0;
};

// A hash table that grows by nothing but compare-and-swap, since what counts locks may take none.
constexpr std::size_t most_callers = 4'096;
std::array<Caller, most_callers> callers;  // NOLINT(*-avoid-non-const-global-variables)

Caller& caller_at(void* address) {
  std::size_t i = reinterpret_cast<std::uintptr_t>(address) % most_callers;
  while (true) {
    void* found = nullptr;
    if (callers[i].address.compare_exchange_strong(found, address) || found == address) {
      return callers[i];
    }
    i = (i + 1) % most_callers;
  }
}

template <typename Lock>
using Operation = int (*)(Lock*);

template <typename Lock>
int take(Lock* lock, Operation<Lock> attempt, Operation<Lock> wait, void* address) {
  Caller& caller = caller_at(address);
  ++caller.taken;
  if (attempt(lock) == 0) {
    return 0;
  }
  const auto begin = Clock::now();
  const int result = wait(lock);
  ++caller.waited;
  caller.nanoseconds += static_cast<std::uint64_t>((Clock::now() - begin).count());
  return result;
}

void print(const Caller& caller) {
  constexpr double nanoseconds_per_millisecond = 1e6;
  Dl_info place{};
  dladdr(caller.address, &place);
  const auto offset = reinterpret_cast<std::uintptr_t>(caller.address.load()) -
                      reinterpret_cast<std::uintptr_t>(place.dli_fbase);
  // NOLINTNEXTLINE(modernize-use-std-print): g++ 12 has none
  std::fprintf(stderr, "%9lu %7lu %9.2f  %s+0x%lx\n", caller.taken.load(), caller.waited.load(),
               static_cast<double>(caller.nanoseconds.load()) / nanoseconds_per_millisecond,
               place.dli_fname == nullptr ? "?" : place.dli_fname, offset);
}

void print_all() {
  std::vector<const Caller*> waited;
  for (const Caller& caller : callers) {
    if (caller.waited > 0) {
      waited.push_back(&caller);
    }
  }
  std::ranges::sort(waited, std::greater(),
                    [](const Caller* caller) { return caller->nanoseconds.load(); });
  std::fputs("locks:\n    taken  waited        ms  by\n", stderr);
  for (const Caller* caller : waited) {
    print(*caller);
  }
}

[[gnu::constructor]] void begin() {
  std::atexit(print_all);
  std::at_quick_exit(print_all);
}

template <typename Lock>
Operation<Lock> original(const char* name) {
  return reinterpret_cast<Operation<Lock>>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* lock) noexcept {
  static const auto wait = original<pthread_mutex_t>("pthread_mutex_lock");
  return take(lock, pthread_mutex_trylock, wait, __builtin_return_address(0));
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  static const auto wait = original<pthread_rwlock_t>("pthread_rwlock_rdlock");
  return take(lock, pthread_rwlock_tryrdlock, wait, __builtin_return_address(0));
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  static const auto wait = original<pthread_rwlock_t>("pthread_rwlock_wrlock");
  return take(lock, pthread_rwlock_trywrlock, wait, __builtin_return_address(0));
}

}  // extern "C"
