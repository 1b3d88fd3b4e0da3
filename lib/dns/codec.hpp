// Questions into packets, packets into answers (RFC 1035 §4.1, RFC 2308, RFC 6891).
#pragma once

#include "dns/answer.hpp"

#include <cstdint>
#include <expected>
#include <span>
#include <vector>

namespace sekisho::dns {

/// The size of datagrams that we announce: fits any path without fragments (RFC 6891 §6.2.5).
inline constexpr std::uint16_t udp_payload_size = 1'232;

/// What is asked of a server besides the question.
struct QueryFlags {
  bool want_authentic = false;  ///< AD: tell if the answer is authentic (RFC 6840 §5.7).
  bool want_recursion = true;   ///< RD: ask others if need be.
};

/// The datagram that asks, with EDNS(0). The name must be one that encode_name() takes.
[[nodiscard]] std::vector<std::uint8_t> encode_query(const Question& question, std::uint16_t id,
                                                     QueryFlags flags);

/// Why a packet is not an answer yet.
enum class NoAnswer : std::uint8_t {
  foreign,    ///< Does not belong to the question: wrong id, name, type, class, or no response.
  truncated,  ///< The TC bit: to be asked again over TCP (RFC 2181 §9).
};

/// Reads the answer to `question`. Only records at the name asked for, or at the end of its CNAME
/// chain, are taken. `ttl` is how long the answer may be kept, zero for not at all. Of a packet
/// that belongs to the question and is broken the status is `malformed`. `authentic` is the AD bit.
[[nodiscard]] std::expected<Answer, NoAnswer> decode_answer(std::span<const std::uint8_t> packet,
                                                            const Question& question,
                                                            std::uint16_t id);

}  // namespace sekisho::dns
