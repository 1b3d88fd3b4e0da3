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

/// Why no term of a record decided.
enum class Fault : std::uint8_t {
  none,
  invalid_domain,       ///< The identity is not a valid domain name (RFC 7208 §4.3).
  single_label,         ///< The identity is a name without a dot (RFC 7208 §4.3).
  local_part_too_long,  ///< Far beyond the limit of RFC 5321 §4.5.3.1.1.
  no_record,            ///< The domain has none; with `permerror` that of an include or redirect.
  no_such_name,         ///< Likewise: the domain does not exist.
  several_records,      ///< RFC 7208 §4.5.
  malformed_record,     ///< RFC 7208 §4.6.
  lookup_failed,
  too_many_lookups,       ///< RFC 7208 §4.6.4.
  too_many_void_lookups,  ///< RFC 7208 §4.6.4.
  too_many_mail_hosts,    ///< RFC 7208 §4.6.4.
  invalid_target,         ///< The name of an include or redirect is not a valid domain name.
  library_error,          ///< Another error of libspf2.
};

/// The result of a domain with this fault. `neutral` for `none`: a record is there.
[[nodiscard]] ResultCode result_of(Fault fault);

/// One line for people. `subject` is the identity or the domain; for `lookup_failed` the question,
/// for `too_many_void_lookups` the limit. `detail`: the status of the look-up or the error in the
/// record.
[[nodiscard]] std::string describe_fault(Fault fault, std::string_view subject = {},
                                         std::string_view detail = {});

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
  Fault fault = Fault::none;
  /// Where Options::keep_records asks for them: the domain's, then those of its includes and
  /// redirects, as far as they were evaluated.
  std::vector<UsedRecord> records;

  bool operator==(const Result&) const = default;
};

}  // namespace sekisho::spf
