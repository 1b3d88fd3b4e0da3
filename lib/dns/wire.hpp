// Names and record data in the wire format (RFC 1035 §3.1, §3.3, §4.1.4). Every octet is hostile.
#pragma once

#include "dns/answer.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dns {

/// A chain of CNAME records is followed this far; a longer one, or a loop, is a server failure.
inline constexpr std::size_t max_aliases = 16;

/// ASCII letters only: names are compared without case (RFC 4343).
[[nodiscard]] std::string lower_case(std::string_view name);

/// The wire form of a name in Question's form, the root for an empty one; none where no such name
/// can exist.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> encode_name(std::string_view name);

/// The number of a type on the wire.
[[nodiscard]] std::uint16_t type_number(RecordType type);
[[nodiscard]] std::optional<RecordType> type_of_number(std::uint16_t number);

/// Walks over a packet. After the first read beyond the end, or of something that is not DNS,
/// failed() is true, and every further read gives zero. Borrows the packet.
class WireReader {
 public:
  explicit WireReader(std::span<const std::uint8_t> packet) : packet_(packet) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::span<const std::uint8_t> octets(std::size_t count);
  /// None, without a failure, where a label holds a dot: such a name has no form in text.
  std::optional<std::string> name();
  /// Passes over a name without following its pointers.
  void skip_name();
  void skip(std::size_t count) { octets(count); }
  /// What was read makes no sense.
  void fail();

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t position() const { return position_; }

 private:
  std::span<const std::uint8_t> packet_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

/// Why there is no record.
enum class DataFault : std::uint8_t {
  no_text_form,  ///< A name with a dot in a label: no question could be asked for it.
  malformed,     ///< Not what this type holds, or not of this length.
};

/// Reads `length` octets of record data and leaves the reader behind them, whatever they hold. The
/// reader has failed where the packet has fewer.
[[nodiscard]] std::expected<Record, DataFault> read_record_data(WireReader& reader, RecordType type,
                                                                std::size_t length);

}  // namespace sekisho::dns
