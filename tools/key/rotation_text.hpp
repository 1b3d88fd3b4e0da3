// How `sekisho key status` and `sekisho key rotate` print where the rotation stands, and what is to
// be done next.
#pragma once

#include "mail/domain.hpp"
#include "tools/key/rotation.hpp"
#include "tools/key/rotation_change.hpp"

#include <string>
#include <vector>

namespace sekisho::tools {

/// For a person: a line a key, then the steps.
[[nodiscard]] std::string format_rotation_text(const std::vector<RotatedKey>& keys);

/// A line for each change, which was made (`are_made`) or would be.
[[nodiscard]] std::string format_changes(const std::vector<RotationChange>& changes, bool are_made);

/// One JSON object with the keys that sekisho(1) documents, and a line end. With `changes`, it has
/// these, too.
[[nodiscard]] std::string format_rotation_json(const mail::Domain& domain,
                                               const std::vector<RotatedKey>& keys,
                                               const std::vector<RotationChange>* changes = nullptr,
                                               bool are_made = false);

}  // namespace sekisho::tools
