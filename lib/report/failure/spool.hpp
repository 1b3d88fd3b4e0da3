// The folder in which failure reports wait for `sekisho report deliver`, one file each. The daemon
// writes them; the command checks if the recipients accept them, and sends them.
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
  std::vector<std::string> sent;  ///< Addresses that have it, or refused it.

  bool operator==(const SpooledReport&) const = default;
};

/// Writes and reads JSON. The error says what is wrong with the text.
[[nodiscard]] std::string write_spooled(const SpooledReport& spooled);
[[nodiscard]] std::expected<SpooledReport, std::string> read_spooled(std::string_view text);

/// Any number of processes may use a folder. Errors name the file.
class Spool {
 public:
  static constexpr std::size_t max_file_octets = 1U << 20U;

  enum class Stored : std::uint8_t {
    yes,
    full,        ///< The limit of waiting reports is reached.
    over_share,  ///< The share of one owner is used up.
  };

  explicit Spool(std::string folder) : folder_(std::move(folder)) {}

  /// Stores a report, and creates the folder for our user alone if needed. A file is complete or
  /// absent. Each of the report's `owners` (owners_of()) may have a tenth of `max_reports` waiting,
  /// and at least one.
  [[nodiscard]] std::expected<Stored, std::string> store(const FailureReport& report,
                                                         std::span<const std::string> owners,
                                                         std::size_t max_reports);
  /// Returns the file names, oldest first; none if there is no folder.
  [[nodiscard]] std::expected<std::vector<std::string>, std::string> list() const;
  [[nodiscard]] std::expected<SpooledReport, std::string> read(const std::string& name) const;
  [[nodiscard]] std::expected<void, std::string> replace(const std::string& name,
                                                         const SpooledReport& spooled) const;
  [[nodiscard]] std::expected<void, std::string> remove(const std::string& name) const;

  /// Returns the key of pseudonyms, `redaction.key` in the folder; creates it at first use.
  [[nodiscard]] std::expected<std::string, std::string> redaction_key();

 private:
  [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ + "/" + name; }
  [[nodiscard]] std::expected<void, std::string> make_folder() const;
  [[nodiscard]] std::expected<void, std::string> write(const std::string& name,
                                                       std::string_view text) const;

  std::string folder_;
};

}  // namespace sekisho::report::failure
