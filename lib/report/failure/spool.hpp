// The folder in which failure reports wait for `sekisho report deliver`: one file each. Between the
// daemon, which neither asks whether an address takes reports nor speaks SMTP as a client, and the
// command that does both.
#pragma once

#include "report/failure/failure_report.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::failure {

struct SpooledReport {
  FailureReport report;
  std::vector<std::string> sent;  ///< Addresses that have it, or will not take it.

  bool operator==(const SpooledReport&) const = default;
};

/// As JSON, and back. The error says what is wrong with the text.
[[nodiscard]] std::string write_spooled(const SpooledReport& spooled);
[[nodiscard]] std::expected<SpooledReport, std::string> read_spooled(std::string_view text);

/// Any number of processes may use one folder. Errors name the file.
class Spool {
 public:
  static constexpr std::size_t max_file_octets = 1U << 20U;

  enum class Stored : std::uint8_t {
    yes,
    full,        ///< As many wait as may.
    over_share,  ///< One of the owners has its share, and others may need the rest.
  };

  explicit Spool(std::string folder) : folder_(std::move(folder)) {}

  /// Makes the folder where need be, for our user alone. A file is there as a whole or not at all.
  /// Of `max_reports`, a tenth may wait for each of the report's `owners` (owners_of()), and one
  /// in any case.
  [[nodiscard]] std::expected<Stored, std::string> store(const FailureReport& report,
                                                         std::span<const std::string> owners,
                                                         std::size_t max_reports);
  /// Names, the oldest first; none where there is no folder.
  [[nodiscard]] std::expected<std::vector<std::string>, std::string> list() const;
  [[nodiscard]] std::expected<SpooledReport, std::string> read(const std::string& name) const;
  [[nodiscard]] std::expected<void, std::string> replace(const std::string& name,
                                                         const SpooledReport& spooled) const;
  [[nodiscard]] std::expected<void, std::string> remove(const std::string& name) const;

  /// The key of pseudonyms, `redaction.key` in the folder; made when it is first wanted.
  [[nodiscard]] std::expected<std::string, std::string> redaction_key();

 private:
  [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ + "/" + name; }
  [[nodiscard]] std::expected<void, std::string> make_folder() const;
  [[nodiscard]] std::expected<void, std::string> write(const std::string& name,
                                                       std::string_view text) const;

  std::string folder_;
};

}  // namespace sekisho::report::failure
