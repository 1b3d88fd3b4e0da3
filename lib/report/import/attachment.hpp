// Decides which parts of a mail may be reports.
#pragma once

#include "report/import/mime.hpp"

#include <cstdint>

namespace sekisho::report::import {

/// The kind of a part, according to its type and name.
enum class AttachmentKind : std::uint8_t {
  report,   ///< The types of RFC 9990 §3.5.2 and RFC 8460 §5.3, their kin, or a typical name.
  nothing,  ///< A generic type: the content may be a report.
  other,    ///< Picture, office document, text: a report only if the content is clear.
};

[[nodiscard]] AttachmentKind attachment_kind(const MimePart& part);

}  // namespace sekisho::report::import
