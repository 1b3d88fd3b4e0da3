// The look-ups of one mechanism for one message: a handle that its steps get by value.
#pragma once

#include "dns/resolver.hpp"
#include "guarded.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::dns {

/// One look-up as it went, for the waterfall of `--explain`.
struct LookupRecord {
  Question question;
  Status status = Status::timeout;
  std::chrono::steady_clock::time_point begin;
  std::chrono::steady_clock::time_point end;
};

/// Keeps the resolver alive, holds the deadline that all look-ups of a message share, and counts
/// them against the message's limit. Copies share the count. Thread-safe.
class Lookups {
 public:
  struct Options {
    Deadline deadline;
    /// Questions a message may cause; beyond it the answer is `Status::over_limit`.
    std::size_t limit = 300;
    bool keep_records = false;
    Client client;  ///< Whose share of the questions under way is used.
  };

  Lookups(std::shared_ptr<Resolver> resolver, const Options& options);

  /// Asks. Asking twice is cheap where the resolver keeps answers or has the question under way.
  [[nodiscard]] Pending<Answer> lookup(std::string name, RecordType type) const;
  /// Asks ahead: the answer will be wanted soon by lookup(). Counts like lookup(); does nothing at
  /// the limit.
  void prefetch(std::string name, RecordType type) const;

  [[nodiscard]] Deadline deadline() const;
  /// For what is asked from here on, through any copy.
  void set_deadline(Deadline deadline) const;
  /// Nobody wants the answers any more: what is under way ends, what is asked from here on is
  /// answered `Status::timeout`. Coroutines that wait are resumed, and come to their end.
  void give_up() const noexcept;
  /// What was asked so far, in the order of asking; empty unless `keep_records`.
  [[nodiscard]] std::vector<LookupRecord> records() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

/// Look-ups of an owner that ends before those who ask through copies of them: they give up then.
class OwnedLookups {
 public:
  explicit OwnedLookups(Lookups lookups) : lookups_(std::move(lookups)) {}
  OwnedLookups(const OwnedLookups&) = delete;
  OwnedLookups& operator=(const OwnedLookups&) = delete;
  OwnedLookups(OwnedLookups&& other) noexcept
      : lookups_(std::exchange(other.lookups_, std::nullopt)) {}
  OwnedLookups& operator=(OwnedLookups&& other) noexcept {
    std::swap(lookups_, other.lookups_);
    return *this;
  }
  ~OwnedLookups() {
    if (lookups_) {
      lookups_->give_up();
    }
  }

  const Lookups& operator*() const { return *lookups_; }
  const Lookups* operator->() const { return &*lookups_; }

 private:
  std::optional<Lookups> lookups_;  // none in one that was moved from
};

}  // namespace sekisho::dns
