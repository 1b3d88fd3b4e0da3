// What the value of a header field may have been when it was signed.
#pragma once

#include "dkim_diagnosis/change.hpp"
#include "dkim_diagnosis/repair.hpp"
#include "mail/header_field.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

struct FieldRepair {
  ChangeId id = ChangeId::head_gone;
  mail::HeaderField field;
  bool is_likely = false;  ///< May occur together with changes of several other fields.
};
using FieldRepairs = std::vector<FieldRepair>;

/// A field has as many at most.
inline constexpr std::size_t max_field_repairs = 1'000;
/// Fields with longer values are compared and removed, not repaired.
inline constexpr std::size_t max_repaired_value = 8'192;

/// What else in the message may tell the old value.
struct FieldHints {
  const mail::HeaderSection* header = nullptr;
  std::vector<mail::HeaderField> copied;  ///< z= (RFC 6376 §3.5).
  std::vector<Content> contents;          ///< Of the first part, and of a body that was found.
  std::optional<Content> found;           ///< Of a body that was found, if it has another content.
};

/// Returns all repairs of one field, the likely ones first, each value once.
[[nodiscard]] FieldRepairs repair_field(const mail::HeaderField& field, const FieldHints& hints);
/// Returns what a field of this name may have been that is not there any more.
[[nodiscard]] FieldRepairs restore_field(std::string_view name, const FieldHints& hints);

// By subject; each appends.
void add_subject_repairs(const mail::HeaderField& field, FieldRepairs& repairs);
void add_word_repairs(const mail::HeaderField& field, FieldRepairs& repairs);
void add_address_repairs(const mail::HeaderField& field, FieldRepairs& repairs);
void add_from_repairs(const mail::HeaderField& field, const FieldHints& hints,
                      FieldRepairs& repairs);
void add_date_repairs(const mail::HeaderField& field, FieldRepairs& repairs);
void add_content_type_repairs(const mail::HeaderField& field, FieldRepairs& repairs);
/// Folds, blanks and case, of any field, the DKIM-Signature itself included.
void add_layout_repairs(const mail::HeaderField& field, FieldRepairs& repairs);

}  // namespace sekisho::dkim_diagnosis
