// A connection to the store's database, SQLite or PostgreSQL, through SOCI.
#pragma once

#include "report/store/location.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace soci {
class session;  // NOLINT(readability-identifier-naming): as SOCI names it
}

namespace sekisho::report {

/// The store cannot do what was asked: it is away, full, or somebody else's.
struct StoreError {
  std::string text;  ///< For people, one line.
};

/// How the rows of a statement come: PostgreSQL's all at once unless told otherwise, SQLite's
/// never.
enum class Reading : std::uint8_t { at_once, row_by_row };

/// Of one thread at a time.
class Database {
 public:
  /// Connects, and brings the schema up to date: once, however many hosts start at the same time.
  /// A schema of a newer version is an error. A file of SQLite is made where there is none, for its
  /// owner and group alone.
  [[nodiscard]] static std::expected<Database, StoreError> open(const Location& location);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// One more connection, for a statement of so many rows that they should come one by one. Throws
  /// as SOCI does.
  [[nodiscard]] Database reader() const;

  [[nodiscard]] soci::session& session() { return *session_; }
  [[nodiscard]] Backend backend() const { return location_.backend; }

 private:
  Database(Location location, std::unique_ptr<soci::session> session);

  Location location_;
  std::unique_ptr<soci::session> session_;
};

/// A transaction; what is not committed is undone. With SQLite it is the only writer from its
/// beginning on, so that it cannot fail half way for another's sake.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Database& database_;
  bool is_over_ = false;
};

/// Waits until no other connection has the lock, and has it to the end of the transaction. SQLite
/// needs none: see Transaction.
enum class AdvisoryLock : int { schema = 1, claims = 2 };
void lock(Database& database, AdvisoryLock which);

/// The exception under way, as an error.
[[nodiscard]] StoreError current_error();

/// What SOCI throws within `work` is an error of the store.
template <typename Work>
[[nodiscard]] auto attempt(const Work& work) -> std::expected<decltype(work()), StoreError> {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const std::runtime_error&) {
    return std::unexpected(current_error());
  }
}

}  // namespace sekisho::report
