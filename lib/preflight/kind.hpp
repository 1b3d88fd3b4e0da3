// The kind of a message, so that only what applies to it is demanded.
#pragma once

#include "mail/author.hpp"
#include "mail/header_field.hpp"
#include "preflight/content_type.hpp"

#include <cstdint>
#include <string_view>

namespace sekisho::preflight {

enum class Kind : std::uint8_t {
  personal,
  transactional,  ///< A program wrote it to one person: a receipt, a password reset.
  list,           ///< A mailing list that people write to.
  bulk,           ///< A newsletter or other mail to many.
  report,         ///< DSN, MDN, ARF (RFC 6522).
};
[[nodiscard]] std::string_view format_kind(Kind kind);

/// Goes by fields that programs write by themselves: List-*, Precedence, Auto-Submitted (RFC 3834),
/// Feedback-ID, and the local part of the author.
[[nodiscard]] Kind find_kind(const mail::HeaderSection& header, const ContentType& content_type,
                             const mail::Author& author);

/// Returns true if a program wrote it as an answer or notice, so that the null sender fits (RFC
/// 3834 §3.3).
[[nodiscard]] bool is_automatic(const mail::HeaderSection& header, Kind kind);

}  // namespace sekisho::preflight
