// Labels of internationalized domain names: IDNA 2008 (RFC 5890, RFC 5891) with the mappings of
// UTS 46, non-transitional.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::mail {

/// Whether the label has the prefix of an A-label, in any case.
[[nodiscard]] bool has_a_label_prefix(std::string_view label);

/// The A-label of a U-label. Capital letters are taken as small ones; nullopt where UTS 46 would
/// change anything else, since RFC 5891 §5.4 has such a label refused: a reader may show the one
/// name and look up the other (capital sharp s, full-width letters, invisible characters). Nullopt
/// as well for what IDNA does not allow.
[[nodiscard]] std::optional<std::string> to_a_label(std::string_view u_label);

/// What an A-label in lower case stands for; nullopt where no U-label has it as its A-label. Names
/// with such labels can be in the DNS all the same (registered emoji).
[[nodiscard]] std::optional<std::string> to_u_label(std::string_view a_label);

/// The label that a reader who applies all mappings of UTS 46 would look up, in A-labels; it may
/// hold dots that the text did not have. For comparing with a name of ours, never for an author.
[[nodiscard]] std::optional<std::string> map_label(std::string_view label);

}  // namespace sekisho::mail
