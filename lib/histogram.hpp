// How long things took, counted by upper bounds, as Prometheus' histograms have them.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sekisho {

/// Lock-free; all members may be called from any thread.
class Histogram {
 public:
  /// A time belongs to the first bound that it does not exceed.
  static constexpr std::array bounds = [] {
    using std::chrono::milliseconds;
    return std::array{milliseconds{1},     milliseconds{2},     milliseconds{5},
                      milliseconds{10},    milliseconds{25},    milliseconds{50},
                      milliseconds{100},   milliseconds{250},   milliseconds{500},
                      milliseconds{1'000}, milliseconds{2'500}, milliseconds{5'000},
                      milliseconds{10'000}};
  }();

  struct Reading {
    /// Those up to each bound, not those below the bound before; the last: all there are.
    std::array<std::uint64_t, bounds.size() + 1> up_to{};
    std::chrono::microseconds sum{0};

    [[nodiscard]] std::uint64_t count() const { return up_to.back(); }
  };

  void add(std::chrono::nanoseconds time) {
    const auto* const bound = std::ranges::lower_bound(bounds, time);
    counts_[static_cast<std::size_t>(bound - bounds.begin())].fetch_add(1,
                                                                        std::memory_order_relaxed);
    const auto length = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    sum_.fetch_add(length, std::memory_order_relaxed);
  }

  [[nodiscard]] Reading read() const {
    Reading reading;
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      so_far += counts_[i].load(std::memory_order_relaxed);
      reading.up_to[i] = so_far;
    }
    reading.sum = std::chrono::microseconds(sum_.load(std::memory_order_relaxed));
    return reading;
  }

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::chrono::microseconds::rep> sum_{0};
};

}  // namespace sekisho
