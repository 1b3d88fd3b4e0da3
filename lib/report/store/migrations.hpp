// The store's schema, in numbered steps.
#pragma once

#include "report/store/database.hpp"

namespace sekisho::report::store {

/// The schema that this version reads and writes.
inline constexpr int schema_version = 4;

/// Applies the steps that the database has not had yet. Throws as SOCI does, and Unreadable where
/// the schema is newer than `schema_version`.
void migrate(Database& database);

}  // namespace sekisho::report::store
