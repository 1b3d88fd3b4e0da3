#include "report/store/database.hpp"

#include "report/format/printable.hpp"
#include "report/store/connection_uri.hpp"
#include "report/store/migrations.hpp"
#include "report/store/soci.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <soci/sqlite3/soci-sqlite3.h>

namespace sekisho::report::store {

namespace {

// For its owner and its group: who wrote to whom is nobody else's business. SQLite gives the files
// beside it the same mode, and the same owner where it is root who makes them: what root makes
// belongs to whom the folder belongs to, the daemon, which could not write to it otherwise.
void create_file(const std::string& path) {
  constexpr mode_t mode = 0640;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0) {
    return;  // it is there; or SQLite will say what is wrong
  }
  struct stat folder{};
  if (geteuid() == 0 && ::stat(path.substr(0, path.rfind('/') + 1).c_str(), &folder) == 0) {
    static_cast<void>(fchown(descriptor, folder.st_uid, folder.st_gid) == 0);
  }
  ::close(descriptor);
}

// SQLite does not wait for another connection that turns the journal on at the same time.
void turn_journal_on(soci::session& session) {
  constexpr int most_tries = 500;
  for (int tries = 1;; ++tries) {
    try {
      session << "PRAGMA journal_mode = WAL";
      return;
    } catch (const soci::sqlite3_soci_error& error) {
      if (error.result() != SQLITE_BUSY || tries == most_tries) {
        throw;
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

std::unique_ptr<soci::session> connect_sqlite(const std::string& path) {
  create_file(path);
  // The time that another writer is waited for, in seconds.
  auto session = std::make_unique<soci::session>(*soci::factory_sqlite3(),
                                                 "dbname=\"" + path + "\" timeout=5");
  turn_journal_on(*session);
  // A commit is safe from the end of the process. That of the machine may take the last ones.
  *session << "PRAGMA synchronous = NORMAL";
  return session;
}

// Without these a server that is gone silently would be waited for as long as TCP is patient.
std::string with_timeouts(std::string uri) {
  for (const std::string_view parameter :
       {"connect_timeout=5", "tcp_user_timeout=10000", "application_name=sekisho"}) {
    if (!uri.contains(parameter.substr(0, parameter.find('=') + 1))) {
      uri += uri.contains('?') ? '&' : '?';
      uri += parameter;
    }
  }
  return uri;
}

// SOCI loads this backend, and with it libpq and what that wants, when it is asked for. What libpq
// says of a URI may quote parts of it.
std::unique_ptr<soci::session> connect_postgresql(const std::string& uri) {
  try {
    auto session = std::make_unique<soci::session>("postgresql", with_timeouts(uri));
    *session << "SET client_min_messages = error";
    *session << "SET statement_timeout = '60s'";
    return session;
  } catch (const soci::soci_error& error) {
    throw soci::soci_error(hide_passwords(error.get_error_message(), uri));
  }
}

std::unique_ptr<soci::session> connect(const Location& location) {
  switch (location.backend) {
    case Backend::sqlite:
      return connect_sqlite(location.target);
    case Backend::postgresql:
      return connect_postgresql(location.target);
  }
  std::unreachable();
}

std::string one_line(std::string_view text) {
  constexpr std::size_t longest = 300;
  return format::printable(text, longest);
}

}  // namespace

Database::Database(Location location, std::unique_ptr<soci::session> session)
    : location_(std::move(location)), session_(std::move(session)) {}
Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

std::expected<Database, StoreError> Database::open(const Location& location) {
  return attempt([&] {
    Database database(location, connect(location));
    migrate(database);
    return database;
  });
}

Database Database::another() const {
  return {location_, connect(location_)};
}

DatabaseTransaction::DatabaseTransaction(Database& database, Access access) : database_(database) {
  const bool is_writer = access == Access::write && database_.backend() == Backend::sqlite;
  database_.session() << (is_writer ? "BEGIN IMMEDIATE" : "BEGIN");
}

DatabaseTransaction::~DatabaseTransaction() {
  if (is_over_) {
    return;
  }
  try {
    database_.session() << "ROLLBACK";
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): SQLite may have done it
  }
}

void DatabaseTransaction::commit() {
  database_.session() << "COMMIT";
  is_over_ = true;
}

void lock(Database& database, AdvisoryLock which) {
  if (database.backend() == Backend::postgresql) {
    // One number of our own among those of all that use the same database.
    constexpr int ours = 0x73656B69;
    database.session() << "SELECT pg_advisory_xact_lock(" << ours << ", "
                       << std::to_underlying(which) << ")";
  }
}

StoreError current_error() {
  try {
    throw;
  } catch (const soci::soci_error& error) {
    return {one_line(error.get_error_message())};
  } catch (const Unreadable& error) {
    return {error.what()};
  }
}

}  // namespace sekisho::report::store
