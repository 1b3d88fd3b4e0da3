// A connection to the store's database, SQLite or PostgreSQL, through SOCI.
#pragma once

#include "report/store/location.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace soci {
class session;  // NOLINT(readability-identifier-naming): as SOCI names it
}

namespace sekisho::report::store {

/// The store failed: it does not answer, is full, or belongs to another program.
struct StoreError {
  std::string text;  ///< For people, one line.
};

/// For one thread at a time.
class Database {
 public:
  /// Connects, and updates the schema once even if many hosts start at the same time. A schema of a
  /// newer version is an error. A missing SQLite file is created, accessible to its owner and group
  /// only; root creates it for the owner of the folder.
  [[nodiscard]] static std::expected<Database, StoreError> open(const Location& location);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// Opens another connection to the same database. Throws like SOCI.
  [[nodiscard]] Database another() const;

  [[nodiscard]] soci::session& session() { return *session_; }
  [[nodiscard]] Backend backend() const { return location_.backend; }

 private:
  Database(Location location, std::unique_ptr<soci::session> session);

  Location location_;
  std::unique_ptr<soci::session> session_;
};

/// With SQLite, a writing transaction takes the write lock when it begins, so that it cannot fail
/// later because of another one; a reading transaction blocks nobody.
enum class Access : std::uint8_t { write, read };

/// A transaction, undone unless it is committed.
class DatabaseTransaction {
 public:
  explicit DatabaseTransaction(Database& database, Access access = Access::write);
  ~DatabaseTransaction();
  DatabaseTransaction(const DatabaseTransaction&) = delete;
  DatabaseTransaction& operator=(const DatabaseTransaction&) = delete;

  void commit();

 private:
  Database& database_;
  bool is_over_ = false;
};

/// Waits for the lock, and holds it until the transaction ends. SQLite needs no lock: see
/// DatabaseTransaction.
enum class AdvisoryLock : int { schema = 1, claims = 2 };
void lock(Database& database, AdvisoryLock which);

/// The database has content that this program does not write.
class Unreadable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Returns the current exception as an error if it is SOCI's or Unreadable; rethrows any other.
[[nodiscard]] StoreError current_error();

/// Returns exceptions of SOCI and Unreadable as errors of the store. Others pass through.
template <typename Work>
[[nodiscard]] auto attempt(const Work& work) -> std::expected<decltype(work()), StoreError> {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (...) {
    return std::unexpected(current_error());
  }
}

}  // namespace sekisho::report::store
