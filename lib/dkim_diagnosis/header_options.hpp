// What the header fields that a signature covers may have been, name by name.
#pragma once

#include "dkim/signature.hpp"
#include "dkim_diagnosis/budget.hpp"
#include "dkim_diagnosis/change.hpp"
#include "dkim_diagnosis/header_field_repairs.hpp"
#include "mail/header_field.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// An edit of the header section of the message.
struct HeaderEdit {
  const mail::HeaderField* field = nullptr;  ///< What is replaced or removed; null: one is added.
  std::optional<mail::HeaderField> with;     ///< Nullopt: it is removed.
};

/// One possible past of all fields of a name.
struct NameOption {
  std::vector<std::string> texts;  ///< Canonical, in the order in which h= takes them.
  std::vector<HeaderEdit> edits;
  std::vector<HeaderChange> changes;
  bool is_likely = false;
};

/// A name in h=, with its options: the first is that nothing was changed.
struct SignedName {
  std::string name;  ///< In lower case.
  std::vector<NameOption> options;
  std::optional<std::size_t> without_list;  ///< The option in which what lists add is not there.
  std::optional<std::size_t> with_content;  ///< That in which it describes the body that was found.
};

struct SignedHeader {
  std::vector<SignedName> names;
  /// h=: for each place the name and which of its texts.
  struct Place {
    std::size_t name = 0;
    std::size_t text = 0;
  };
  std::vector<Place> places;
};

/// Options of the DKIM-Signature field itself: canonical, b= empty, without the last CRLF.
[[nodiscard]] std::vector<NameOption> signature_field_options(
    const mail::HeaderField& field, dkim::Canonicalization canonicalization);

/// `signature_field` is the one that `signature` was read from, in `header`. Beyond `budget`, and
/// beyond max_option_octets of all names together, fields have no repairs.
[[nodiscard]] SignedHeader find_options(const dkim::Signature& signature,
                                        const mail::HeaderField* signature_field,
                                        const mail::HeaderSection& header, const FieldHints& hints,
                                        Budget& budget);
inline constexpr std::size_t max_option_octets = std::size_t{64} * 1024 * 1024;

/// The header section with the edits made; `signature_field` is set to its place in it.
[[nodiscard]] mail::HeaderSection edited(const mail::HeaderSection& header,
                                         const std::vector<HeaderEdit>& edits,
                                         const mail::HeaderField*& signature_field);

}  // namespace sekisho::dkim_diagnosis
