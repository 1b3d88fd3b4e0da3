// SOCI's headers without Boost: Debian's SOCI is built with it, and its headers would include Boost
// for conversions that are not used here.
#pragma once

// clang-format off
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#undef SOCI_HAVE_BOOST_DATE_TIME
#include <soci/soci.h>
// clang-format on

namespace sekisho::report::store {

/// Runs a statement that returns at most one row. Returns true if there was one. All rows are
/// fetched, since SQLite does not commit while a statement is active.
inline bool fetch_one(soci::statement& statement) {
  const bool found = statement.execute(true);
  while (found && statement.fetch()) {
  }
  return found;
}

/// Runs a statement and calls `use_row` for each row fetched into its variables.
template <typename UseRow>
void for_each_row(soci::statement& statement, const UseRow& use_row) {
  statement.execute();
  while (statement.fetch()) {
    use_row();
  }
}

}  // namespace sekisho::report::store
