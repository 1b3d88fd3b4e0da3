// Which parts of a mail may be reports.
#pragma once

#include "report/import/mime.hpp"

#include <cstdint>

namespace sekisho::report::import {

/// What type and name of a part promise.
enum class AttachmentKind : std::uint8_t {
  report,   ///< The types of RFC 9990 §3.5.2 and RFC 8460 §5.3, their kin, and such names.
  nothing,  ///< A type that fits anything: what is in it may be a report.
  other,    ///< A picture, a document of an office, text: only what cannot be anything else is one.
};

[[nodiscard]] AttachmentKind attachment_kind(const MimePart& part);

}  // namespace sekisho::report::import
