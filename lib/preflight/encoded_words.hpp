// Encoded words in header fields: syntax, length, and the places where they may stand (RFC 2047 §2,
// §5).
#pragma once

#include "preflight/finding.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sekisho::preflight {

enum class WordContext : std::uint8_t {
  text,       ///< Unstructured: Subject.
  addresses,  ///< Display names and comments may hold them.
  nowhere,    ///< Structured, without a phrase: Message-ID, Content-Type.
};

/// Adds what is wrong with the encoded words of a field's value, 50 words at most.
void check_encoded_words(std::string_view value, WordContext context, const Place& where,
                         std::vector<Finding>& findings);

}  // namespace sekisho::preflight
