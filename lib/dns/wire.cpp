#include "dns/wire.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dns {

namespace {

constexpr std::size_t max_label = 63;
constexpr std::size_t max_wire_name = 255;
constexpr std::uint8_t pointer_bits = 0xc0;
constexpr int max_pointers = 127;  // no name has more labels

constexpr std::pair<RecordType, std::uint16_t> type_numbers[] = {
    {RecordType::a, 1},       {RecordType::ns, 2},    {RecordType::cname, 5},
    {RecordType::soa, 6},     {RecordType::ptr, 12},  {RecordType::mx, 15},
    {RecordType::txt, 16},    {RecordType::aaaa, 28}, {RecordType::ds, 43},
    {RecordType::dnskey, 48}, {RecordType::tlsa, 52}, {RecordType::spf, 99},
    {RecordType::caa, 257},
};

template <std::size_t Size>
std::array<std::uint8_t, Size> address_octets(WireReader& reader) {
  std::array<std::uint8_t, Size> address{};
  std::ranges::copy(reader.octets(Size), address.begin());
  return address;
}

Text read_text(WireReader& reader, std::size_t end) {
  Text text;
  do {  // RFC 1035 §3.3.14: one string at least
    const std::span<const std::uint8_t> string = reader.octets(reader.u8());
    text.data.append(string.begin(), string.end());
  } while (!reader.failed() && reader.position() < end);
  return text;
}

std::optional<Record> read_host_name(WireReader& reader) {
  std::optional<std::string> name = reader.name();
  if (!name) {
    return std::nullopt;
  }
  return HostName{*std::move(name)};
}

std::optional<Record> read_mail_exchange(WireReader& reader) {
  const std::uint16_t preference = reader.u16();
  std::optional<std::string> host = reader.name();
  if (!host) {
    return std::nullopt;
  }
  return MailExchange{preference, *std::move(host)};
}

// The octets up to the end of the record data.
std::string read_rest(WireReader& reader, std::size_t end) {
  if (reader.failed() || reader.position() > end) {
    reader.fail();
    return {};
  }
  const std::span<const std::uint8_t> rest = reader.octets(end - reader.position());
  return {rest.begin(), rest.end()};
}

std::optional<Record> read_start_of_authority(WireReader& reader) {
  StartOfAuthority soa;
  std::optional<std::string> primary = reader.name();
  std::optional<std::string> mailbox = reader.name();
  for (std::uint32_t* field : {&soa.serial, &soa.refresh, &soa.retry, &soa.expire, &soa.minimum}) {
    *field = reader.u32();
  }
  if (!primary) {
    return std::nullopt;
  }
  soa.primary = *std::move(primary);
  soa.mailbox = std::move(mailbox).value_or("");  // often has an escaped dot (RFC 1035 §8)
  return soa;
}

CertificateAssociation read_tlsa(WireReader& reader, std::size_t end) {
  CertificateAssociation tlsa;
  tlsa.usage = reader.u8();
  tlsa.selector = reader.u8();
  tlsa.matching = reader.u8();
  tlsa.data = read_rest(reader, end);
  return tlsa;
}

CertificateAuthority read_caa(WireReader& reader, std::size_t end) {
  CertificateAuthority caa;
  caa.flags = reader.u8();
  const std::span<const std::uint8_t> tag = reader.octets(reader.u8());
  caa.tag.assign(tag.begin(), tag.end());
  caa.value = read_rest(reader, end);
  return caa;
}

DelegationSigner read_ds(WireReader& reader, std::size_t end) {
  DelegationSigner ds;
  ds.key_tag = reader.u16();
  ds.algorithm = reader.u8();
  ds.digest_type = reader.u8();
  ds.digest = read_rest(reader, end);
  return ds;
}

ZoneKey read_dnskey(WireReader& reader, std::size_t end) {
  ZoneKey key;
  key.flags = reader.u16();
  key.protocol = reader.u8();
  key.algorithm = reader.u8();
  key.key = read_rest(reader, end);
  return key;
}

std::optional<Record> read_any(WireReader& reader, RecordType type, std::size_t end) {
  switch (type) {
    case RecordType::a:
      return IpAddress::v4(address_octets<4>(reader));
    case RecordType::aaaa:
      return IpAddress::v6(address_octets<16>(reader));
    case RecordType::mx:
      return read_mail_exchange(reader);
    case RecordType::txt:
    case RecordType::spf:
      return read_text(reader, end);
    case RecordType::ptr:
    case RecordType::cname:
    case RecordType::ns:
      return read_host_name(reader);
    case RecordType::soa:
      return read_start_of_authority(reader);
    case RecordType::tlsa:
      return read_tlsa(reader, end);
    case RecordType::caa:
      return read_caa(reader, end);
    case RecordType::ds:
      return read_ds(reader, end);
    case RecordType::dnskey:
      return read_dnskey(reader, end);
  }
  std::unreachable();
}

}  // namespace

std::string lower_case(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::optional<std::vector<std::uint8_t>> encode_name(std::string_view name) {
  std::vector<std::uint8_t> wire;
  if (name.size() + 2 > max_wire_name) {
    return std::nullopt;
  }
  while (!name.empty()) {
    const std::size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty() || label.size() > max_label || dot == name.size() - 1) {
      return std::nullopt;
    }
    wire.push_back(static_cast<std::uint8_t>(label.size()));
    wire.insert(wire.end(), label.begin(), label.end());
    name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
  }
  wire.push_back(0);
  return wire;
}

std::uint16_t type_number(RecordType type) {
  return std::ranges::find(type_numbers, type, &std::pair<RecordType, std::uint16_t>::first)
      ->second;
}

std::optional<RecordType> type_of_number(std::uint16_t number) {
  for (const auto& [type, its_number] : type_numbers) {
    if (its_number == number) {
      return type;
    }
  }
  return std::nullopt;
}

void WireReader::fail() {
  failed_ = true;
  position_ = packet_.size();
}

std::span<const std::uint8_t> WireReader::octets(std::size_t count) {
  if (count > packet_.size() - position_) {
    fail();
    return {};
  }
  const std::span<const std::uint8_t> read = packet_.subspan(position_, count);
  position_ += count;
  return read;
}

std::uint8_t WireReader::u8() {
  const std::span<const std::uint8_t> read = octets(1);
  return read.empty() ? std::uint8_t{0} : read[0];
}

std::uint16_t WireReader::u16() {
  const std::span<const std::uint8_t> read = octets(2);
  return read.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(read[0] << 8U | read[1]);
}

std::uint32_t WireReader::u32() {
  const std::uint32_t high = u16();
  return high << 16U | u16();
}

std::optional<std::string> WireReader::name() {
  std::string text;
  bool has_text_form = true;
  std::optional<std::size_t> end;  // of the name where it stands: behind the first pointer
  int pointers = 0;
  std::size_t wire_size = 1;
  while (const std::uint8_t length = u8()) {
    if (length >= pointer_bits) {
      const std::size_t pointer = position_ - 1;
      const std::size_t target = (length & ~unsigned{pointer_bits}) << 8U | u8();
      // RFC 1035 §4.1.4: "a prior occurrence of the same name"
      if (failed_ || target >= pointer || ++pointers > max_pointers) {
        fail();
        return std::nullopt;
      }
      end = end.value_or(position_);
      position_ = target;
      continue;
    }
    wire_size += length + 1U;
    const std::span<const std::uint8_t> label = octets(length);
    if (length > max_label || wire_size > max_wire_name || failed_) {
      fail();
      return std::nullopt;
    }
    if (!text.empty()) {
      text += '.';
    }
    has_text_form = has_text_form && std::ranges::find(label, '.') == label.end();
    text.append(label.begin(), label.end());
  }
  if (failed_) {
    return std::nullopt;
  }
  position_ = end.value_or(position_);
  return has_text_form ? std::optional(std::move(text)) : std::nullopt;
}

void WireReader::skip_name() {
  while (const std::uint8_t length = u8()) {
    if (length >= pointer_bits) {
      skip(1);
      return;
    }
    if (length > max_label) {
      fail();
      return;
    }
    skip(length);
  }
}

std::expected<Record, DataFault> read_record_data(WireReader& reader, RecordType type,
                                                  std::size_t length) {
  WireReader data = reader;  // a name may point to anywhere before it
  reader.skip(length);
  std::optional<Record> record = read_any(data, type, data.position() + length);
  if (data.failed() || reader.failed() || data.position() != reader.position()) {
    return std::unexpected(DataFault::malformed);
  }
  if (!record) {
    return std::unexpected(DataFault::no_text_form);
  }
  return *std::move(record);
}

}  // namespace sekisho::dns
