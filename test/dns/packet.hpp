// Packets as a server would write them, right and wrong.
#pragma once

#include "dns/answer.hpp"
#include "dns/wire.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dns {

using Octets = std::vector<std::uint8_t>;

inline void append(Octets& to, const Octets& more) {
  to.insert(to.end(), more.begin(), more.end());
}

inline Octets big_endian(std::uint32_t value, int size) {
  Octets octets;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    octets.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  return octets;
}

inline Octets name_data(std::string_view name) {
  return encode_name(name).value();
}

inline Octets address_data(std::string_view text) {
  const IpAddress address = IpAddress::parse(text).value();
  return {address.octets().begin(), address.octets().begin() + (address.is_v4() ? 4 : 16)};
}

inline Octets text_data(std::string_view text) {
  Octets data;
  do {
    const std::string_view string = text.substr(0, 255);
    data.push_back(static_cast<std::uint8_t>(string.size()));
    data.insert(data.end(), string.begin(), string.end());
    text.remove_prefix(string.size());
  } while (!text.empty());
  return data;
}

inline Octets exchange_data(std::uint16_t preference, std::string_view host) {
  Octets data = big_endian(preference, 2);
  append(data, name_data(host));
  return data;
}

inline Octets soa_data(std::uint32_t minimum) {
  Octets data = name_data("ns.example.org");
  append(data, name_data("hostmaster.example.org"));
  for (const std::uint32_t value : {1U, 3600U, 900U, 604800U, minimum}) {
    append(data, big_endian(value, 4));
  }
  return data;
}

struct WireRecord {
  Octets owner;
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  Octets data;
  std::uint16_t its_class = 1;
};

inline WireRecord record(std::string_view owner, RecordType type, Octets data,
                         std::uint32_t ttl = 60) {
  return {name_data(owner), type_number(type), ttl, std::move(data)};
}

inline WireRecord soa_record(std::uint32_t ttl, std::uint32_t minimum) {
  return {name_data("example.org"), 6, ttl, soa_data(minimum)};
}

inline WireRecord opt(std::uint32_t extended_code) {
  return {name_data(""), 41, extended_code << 24U, {}, 1232};
}

/// A response without error, with recursion available, to be changed as a test needs it.
struct Packet {
  std::uint16_t id = 0;
  std::uint16_t flags = 0x8180;
  Octets questions;
  std::uint16_t question_count = 0;
  std::vector<WireRecord> answers;
  std::vector<WireRecord> authorities;
  std::vector<WireRecord> additionals;

  static Packet reply_to(std::uint16_t id, const Question& question) {
    Packet packet;
    packet.id = id;
    packet.ask(question);
    return packet;
  }

  void ask(const Question& question, std::uint16_t its_class = 1) {
    append(questions, name_data(question.name));
    append(questions, big_endian(type_number(question.type), 2));
    append(questions, big_endian(its_class, 2));
    ++question_count;
  }

  [[nodiscard]] Octets wire() const {
    Octets octets;
    for (const std::size_t field :
         {std::size_t{id}, std::size_t{flags}, std::size_t{question_count}, answers.size(),
          authorities.size(), additionals.size()}) {
      append(octets, big_endian(static_cast<std::uint32_t>(field), 2));
    }
    append(octets, questions);
    for (const auto* section : {&answers, &authorities, &additionals}) {
      for (const WireRecord& entry : *section) {
        append(octets, entry.owner);
        append(octets, big_endian(entry.type, 2));
        append(octets, big_endian(entry.its_class, 2));
        append(octets, big_endian(entry.ttl, 4));
        append(octets, big_endian(static_cast<std::uint32_t>(entry.data.size()), 2));
        append(octets, entry.data);
      }
    }
    return octets;
  }
};

}  // namespace sekisho::dns
