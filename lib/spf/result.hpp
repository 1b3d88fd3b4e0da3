// What check_host() gives (RFC 7208 §2.6, §8).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::spf {

/// RFC 7208 §2.6, in the RFC's words.
enum class ResultCode : std::uint8_t { none, neutral, pass, fail, softfail, temperror, permerror };
[[nodiscard]] std::string_view format_result_code(ResultCode code);

enum class Identity : std::uint8_t { helo, mail_from };

/// A record that was used to come to a result.
struct UsedRecord {
  std::string domain;
  std::string text;  ///< As published, any bytes.

  bool operator==(const UsedRecord&) const = default;
};

struct Result {
  ResultCode code = ResultCode::none;
  Identity identity = Identity::mail_from;
  std::string domain;  ///< The domain that was checked, as it may be printed: empty where it was no
                       ///< valid name.
  /// The directive of the record that decided: `-all`, `ip4:192.0.2.0/24`; or "".
  std::string mechanism;
  std::string explanation;  ///< Of `exp=` (RFC 7208 §6.2), for a fail only. The sender's words:
                            ///< US-ASCII, no controls.
  std::string reason;       ///< Ours, for people: why it is this result.
  /// Where Options::keep_records asks for them: the domain's, then those of its includes and
  /// redirects, as far as they were evaluated.
  std::vector<UsedRecord> records;

  bool operator==(const Result&) const = default;
};

}  // namespace sekisho::spf
