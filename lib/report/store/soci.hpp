// SOCI's headers. Debian's SOCI knows Boost, and its headers would want Boost's for conversions
// that are not used here.
#pragma once

// clang-format off
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#undef SOCI_HAVE_BOOST_DATE_TIME
#include <soci/soci.h>
// clang-format on

namespace sekisho::report::store {

/// Runs a statement that gives one row or none: whether it gave one. All of it is fetched, since
/// SQLite commits nothing while a statement is under way.
inline bool fetch_one(soci::statement& statement) {
  const bool found = statement.execute(true);
  while (found && statement.fetch()) {
  }
  return found;
}

/// Runs a statement and calls `use_row` after each row was fetched into its variables.
template <typename UseRow>
void for_each_row(soci::statement& statement, const UseRow& use_row) {
  statement.execute();
  while (statement.fetch()) {
    use_row();
  }
}

}  // namespace sekisho::report::store
