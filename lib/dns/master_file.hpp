// The records of a master file (RFC 1035 §5), one after the other. ldns reads each of them.
#pragma once

#include "dns/ldns.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace sekisho::dns {

struct MasterFileError {
  std::size_t line = 0;
  std::string message;
};

/// Borrows the text. `$ORIGIN` and `$TTL` are obeyed, other directives refused; a record that names
/// no TTL has 3600 seconds.
class MasterFile {
 public:
  explicit MasterFile(std::string_view text) : rest_(text) {}

  /// The next record; null at the end.
  [[nodiscard]] std::expected<LdnsRecord, MasterFileError> next();
  /// The line that the last record begins on.
  [[nodiscard]] std::size_t line() const { return entry_line_; }

 private:
  [[nodiscard]] std::expected<std::string, MasterFileError> next_entry();
  [[nodiscard]] std::expected<LdnsRecord, MasterFileError> read_record(std::string entry);
  [[nodiscard]] bool obey(const std::string& directive);
  [[nodiscard]] std::unexpected<MasterFileError> wrong(std::string message) const;

  std::string_view rest_;
  std::size_t line_ = 1;
  std::size_t entry_line_ = 1;
  LdnsName origin_;
  LdnsName previous_owner_;
  std::uint32_t ttl_ = 3'600;
};

}  // namespace sekisho::dns
