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

/// The store cannot do what was asked: it is away, full, or somebody else's.
struct StoreError {
  std::string text;  ///< For people, one line.
};

/// Of one thread at a time.
class Database {
 public:
  /// Connects, and brings the schema up to date: once, however many hosts start at the same time.
  /// A schema of a newer version is an error. A file of SQLite is made where there is none, for its
  /// owner and group alone; root makes it for the owner of the folder.
  [[nodiscard]] static std::expected<Database, StoreError> open(const Location& location);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// One more connection to the same database. Throws as SOCI does.
  [[nodiscard]] Database another() const;

  [[nodiscard]] soci::session& session() { return *session_; }
  [[nodiscard]] Backend backend() const { return location_.backend; }

 private:
  Database(Location location, std::unique_ptr<soci::session> session);

  Location location_;
  std::unique_ptr<soci::session> session_;
};

/// With SQLite a transaction that writes is the only one from its beginning on, so that it cannot
/// fail half way for another's sake; one that reads is in nobody's way.
enum class Access : std::uint8_t { write, read };

/// A transaction; what is not committed is undone.
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

/// Waits until no other connection has the lock, and has it to the end of the transaction. SQLite
/// needs none: see DatabaseTransaction.
enum class AdvisoryLock : int { schema = 1, claims = 2 };
void lock(Database& database, AdvisoryLock which);

/// What is in the database is not as this program writes it.
class Unreadable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The exception under way as an error, if it is SOCI's or Unreadable; any other is thrown on.
[[nodiscard]] StoreError current_error();

/// SOCI's exceptions and Unreadable are errors of the store, others go through.
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
