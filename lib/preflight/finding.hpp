// What can be wrong with a message that is about to leave: the ids, and one finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::preflight {

enum class Level : std::uint8_t { advice, warning, error };
[[nodiscard]] std::string_view format_level(Level level);

/// The kinds of findings. Users refer to them by the word that format_id() returns, which never
/// changes; an id can only be added.
enum class Id : std::uint8_t {
  from_missing,
  from_many_fields,
  from_many_authors,
  from_syntax,
  from_foreign,
  field_double,
  field_syntax,
  date_missing,
  date_syntax,
  date_off,
  msgid_missing,
  msgid_empty,
  msgid_syntax,
  msgid_foreign,
  to_none,
  bcc_shown,
  line_998,
  line_78,
  bytes_bare_cr,
  bytes_bare_lf,
  bytes_nul,
  bytes_8bit_header,
  bytes_8bit_body,
  word_syntax,
  word_75,
  word_place,
  header_size,
  fold_wsp_only,
  mime_version,
  mime_type,
  mime_boundary,
  mime_cte,
  mime_charset,
  mime_base64,
  received_hops,
  display_trick,
  env_return,
  env_null_not_auto,
  dkim_none,
  dkim_fails,
  dkim_unaligned,
  dkim_bits,
  dkim_expired,
  dkim_future,
  dkim_cover,
  dkim_l,
  dkim_fragile,
  spf_result,
  spf_aligned,
  dmarc_result,
  dmarc_record,
  iprev_result,
  helo_name,
  unsub_url,
  unsub_post,
  unsub_cover,
  unsub_opaque,
  unsub_tls,
  list_id,
  arc_forwarded,
  bulk_rate,
  size,
  bimi_selector,
  tls_next_hop,
};
inline constexpr std::size_t id_count = static_cast<std::size_t>(Id::tls_next_hop) + 1;

/// The word of an id: "from.missing".
[[nodiscard]] std::string_view format_id(Id id);
[[nodiscard]] std::optional<Id> parse_id(std::string_view word);
/// Where the demand comes from: "RFC 5322 §3.6".
[[nodiscard]] std::string_view source_of(Id id);
/// What the sender can do about it: one sentence for people.
[[nodiscard]] std::string_view remedy_of(Id id);
/// True for faults of the message itself, false for those of its way (DNS, envelope, signatures).
[[nodiscard]] bool is_form(Id id);

/// Returns true if `pattern` is the word of the id, `*`, or the word's first part and `.*`.
[[nodiscard]] bool matches(std::string_view pattern, Id id);
/// Returns true if matches() can be true for some id.
[[nodiscard]] bool is_pattern(std::string_view pattern);

/// Where in the message.
struct Place {
  std::string field;       ///< The name of a header field, printable; empty: not in one.
  std::size_t line = 0;    ///< From 1; 0: in no line.
  std::size_t offset = 0;  ///< Octets from the beginning of the message.
};

/// What a receiver would do about a finding.
struct ReceiverReply {
  std::string receiver;
  std::string code;      ///< "550"; empty: the receiver publishes none.
  std::string enhanced;  ///< "5.7.26"
  bool temporary = false;
  bool bulk_only = false;  ///< Holds only for bulk senders, and this is none yet.
  bool verified = true;    ///< False: nobody could check it at the receiver's own text.
  std::string text;
  std::string since;             ///< A date, or "".
  std::string source;            ///< A URL or a title.
  std::string date;              ///< Of the page that was read.
  bool temporary_first = false;  ///< A temporary refusal comes before this permanent one.
};

struct Finding {
  Id id = Id::from_missing;
  Level level = Level::error;
  Place where;
  std::string evidence;  ///< What was found: one line of printable US-ASCII.
  std::string publish;   ///< A record for the DNS that would help; or "".
  std::vector<ReceiverReply> receivers;
};

/// `text` for a line of output: control characters and octets beyond US-ASCII as `\\xHH`, cut after
/// `limit` octets.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 80);

/// Adds a finding. Of one id and field only the first `max_findings_of_id` are kept.
inline constexpr std::size_t max_findings_of_id = 10;
void add_finding(std::vector<Finding>& findings, Id id, Level level, Place where,
                 std::string evidence);

[[nodiscard]] bool has_finding(const std::vector<Finding>& findings, Id id);

}  // namespace sekisho::preflight
