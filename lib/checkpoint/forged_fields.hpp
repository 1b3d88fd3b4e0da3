// Which header fields must not reach the reader: those that only we may write, and those of a
// version of Authentication-Results that nobody knows (RFC 8601 §5).
#pragma once

#include "checkpoint/verdict.hpp"
#include "mail/header_field.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::checkpoint {

/// Watches the fields as they come in, from the top. Counts the occurrences of each name itself,
/// since an MTA removes by ordinal and the ordinals shift while it does so (CVE-2022-48521):
/// removals() therefore begins with the highest.
class ForgedFields {
 public:
  /// A Received-SPF field names its writer by either name; `host_name` may be empty.
  ForgedFields(const std::string& authserv_id, const std::string& host_name)
      : names_{authserv_id, host_name} {}

  void note(const mail::HeaderField& field);
  /// A field beyond the limit of the header section: counted, and if it is one that could be ours,
  /// removed unread, since reading is what the limit is there to bound.
  void note_unread(const mail::HeaderField& field);
  [[nodiscard]] std::size_t count() const { return found_.size(); }
  [[nodiscard]] std::vector<FieldRemoval> removals() const;

 private:
  [[nodiscard]] bool is_forged(const mail::HeaderField& field, std::string_view name) const;

  std::array<std::string, 2> names_;              // authserv-id, host name
  std::map<std::string_view, std::size_t> seen_;  // watched name → occurrences so far
  std::vector<FieldRemoval> found_;
};

}  // namespace sekisho::checkpoint
