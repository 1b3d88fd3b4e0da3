// Repairs of a body: what to put in place of which octets, so that it may become what was signed.
#pragma once

#include "dkim_diagnosis/change.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// Octets [begin, end) of a body are replaced with `text`.
struct Splice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

/// What describes the content of a body: values of Content-Type and Content-Transfer-Encoding.
struct Content {
  std::string type;
  std::string encoding;
};

struct Repair {
  ChangeId id = ChangeId::body_tail;
  std::size_t part = 0;            ///< As in BodyChange.
  std::vector<Splice> splices;     ///< From the top, without overlap.
  std::optional<Content> content;  ///< Of the body that it makes, where that changes.
};

/// Takes repairs as they are made; true ends the work.
using RepairSink = std::function<bool(const Repair&)>;

/// A repair has as many splices at most.
inline constexpr std::size_t max_splices = 200'000;

[[nodiscard]] std::string spliced(std::string_view body, const std::vector<Splice>& splices);
/// The offset in the body from which `offset` of the repaired body comes, or the beginning of the
/// octets that were replaced there.
[[nodiscard]] std::size_t offset_before(const std::vector<Splice>& splices, std::size_t offset);
/// The lines of `body` that a repair concerns.
[[nodiscard]] BodyChange describe(std::string_view body, const Repair& repair);

}  // namespace sekisho::dkim_diagnosis
