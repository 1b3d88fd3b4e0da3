// How `sekisho key rotate` prints where the rotation stands and what is to be done next.
#pragma once

#include "mail/domain.hpp"
#include "tools/key/rotation.hpp"

#include <string>
#include <vector>

namespace sekisho::tools {

/// For a person: a line a key, then the steps.
[[nodiscard]] std::string format_rotation_text(const std::vector<RotatedKey>& keys);

/// One JSON object with the keys that sekisho(1) documents, and a line end.
[[nodiscard]] std::string format_rotation_json(const mail::Domain& domain,
                                               const std::vector<RotatedKey>& keys);

}  // namespace sekisho::tools
