// OpenDKIM's data sets as far as they are lists of names and hosts: opendkim(8), "DATA SETS".
#pragma once

#include "dns/network.hpp"
#include "migrate/statement.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::migrate {

inline constexpr std::size_t max_members = 100'000;

enum class DataSetKind : std::uint8_t { list, file, patterns, database };
struct DataSetName {
  DataSetKind kind = DataSetKind::list;
  std::string_view rest;  ///< A path or a list; of a database, all of it.
};
[[nodiscard]] DataSetName name_data_set(std::string_view text);

struct Member {
  std::string text;  ///< Not empty.
  Place place;
  /// Where the set is one of names with values: `name=value` of a list, `name value` of a file.
  std::string name = text;
  std::string value = {};
};
struct DataSet {
  std::vector<Member> members;
  bool has_patterns = false;  ///< `*` stands for any text.
};
/// Members between commas. The rest of what is longer than max_members is left out.
[[nodiscard]] DataSet parse_list(std::string_view text, const Place& place);
/// One member a line: the first word; `#` begins a comment.
[[nodiscard]] DataSet parse_members(std::string_view text, const std::string& file);

/// Hosts in the form of PeerList, opendkim.conf(5).
struct Hosts {
  std::vector<dns::Network> networks;
  std::vector<std::string> names;  ///< `host.example`, or `.example` for those below.
  struct Odd {
    Member member;
    std::string reason;
  };
  std::vector<Odd> odd;  ///< Members that have no place in either.
};
/// Of the networks the more precise decides: what `!` excludes is cut out.
[[nodiscard]] Hosts sort_hosts(const DataSet& set);

}  // namespace sekisho::migrate
