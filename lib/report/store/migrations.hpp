// The store's schema, in numbered steps.
#pragma once

#include "report/store/database.hpp"

namespace sekisho::report::store {

/// The version of the schema that this program reads and writes.
inline constexpr int schema_version = 5;

/// Applies the steps that the database does not have yet. Throws like SOCI, and Unreadable if the
/// schema is newer than `schema_version`.
void migrate(Database& database);

}  // namespace sekisho::report::store
