// What the daemon counts of the messages that it sees.
#pragma once

#include "checkpoint/verdict.hpp"
#include "histogram.hpp"
#include "preflight/finding.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::milter {

/// Something that is counted under one of a few names.
struct Counted {
  std::string_view name;
  std::uint64_t count = 0;

  bool operator==(const Counted&) const = default;
};

/// Advice, warning, error.
inline constexpr std::size_t preflight_levels = 3;

/// Messages with a finding of preflight.
struct CountedFinding {
  std::string_view id;
  std::string_view level;
  std::uint64_t count = 0;
};

/// Under the names that the log has for them.
struct CountedResults {
  std::string_view method;
  std::vector<Counted> results;
};

/// One counter for each value of an enumeration that begins with 0.
template <typename E, std::size_t Size>
class Counters {
 public:
  void add(E which) {
    counts_[static_cast<std::size_t>(which)].fetch_add(1, std::memory_order_relaxed);
  }
  /// `format` names a value.
  [[nodiscard]] std::vector<Counted> read(std::string_view (*format)(E)) const {
    std::vector<Counted> counted;
    for (std::size_t i = 0; i < Size; ++i) {
      counted.push_back({format(static_cast<E>(i)), counts_[i].load(std::memory_order_relaxed)});
    }
    return counted;
  }

 private:
  std::array<std::atomic<std::uint64_t>, Size> counts_{};
};

/// Lock-free, so that no message waits for another's. All members may be called from any thread.
class MessageCounters {
 public:
  enum class TurnedAway : std::uint8_t {
    limit,    ///< limits.messages were under way.
    stopping  ///< The daemon is about to end.
  };

  struct Reading {
    std::vector<Counted> actions;
    std::vector<CountedResults> results;
    std::vector<Counted> turned_away;
    std::uint64_t recipients_refused = 0;
    std::uint64_t faults = 0;  ///< Of ours.
    std::uint64_t signatures = 0;
    std::uint64_t left_unsigned = 0;
    std::uint64_t seals = 0;
    std::uint64_t footers = 0;              ///< Signatures that failed for added lines alone.
    std::vector<CountedFinding> preflight;  ///< Those that were found at all.
    Histogram::Reading waited;
  };

  void count_message(const checkpoint::Verdict& verdict, std::chrono::nanoseconds waited);
  void count_turned_away(TurnedAway why) { turned_away_.add(why); }
  void count_refused_recipient() { ++recipients_refused_; }
  void count_fault() { ++faults_; }

  [[nodiscard]] Reading read() const;

 private:
  void count_results(const findings::Findings& found);
  void count_preflight(const preflight::Report& report);
  [[nodiscard]] std::vector<CountedFinding> read_preflight() const;
  void count_outgoing(const findings::Outgoing& outgoing);
  [[nodiscard]] std::vector<CountedResults> read_results() const;

  Counters<policy::Action, 5> actions_;
  Counters<iprev::ResultCode, 4> iprev_;
  Counters<tls::Version, tls::version_count> tls_;
  Counters<spf::ResultCode, 7> spf_helo_;
  Counters<spf::ResultCode, 7> spf_;
  Counters<dkim::ResultCode, 6> dkim_;
  std::atomic<std::uint64_t> without_dkim_{0};
  std::atomic<std::uint64_t> footers_{0};
  Counters<arc::ChainStatus, 3> arc_;
  Counters<dmarc::ResultCode, 5> dmarc_;
  Counters<TurnedAway, 2> turned_away_;
  std::atomic<std::uint64_t> recipients_refused_{0};
  std::atomic<std::uint64_t> faults_{0};
  std::atomic<std::uint64_t> signatures_{0};
  std::atomic<std::uint64_t> left_unsigned_{0};
  std::atomic<std::uint64_t> seals_{0};
  /// By id and level.
  std::array<std::atomic<std::uint64_t>, preflight::id_count * preflight_levels> preflight_{};
  Histogram waited_;
};

}  // namespace sekisho::milter
