// What the MTA is told at the end of a message.
#pragma once

#include "dns/lookups.hpp"
#include "findings/findings.hpp"
#include "mail/header_field.hpp"
#include "policy/disposition.hpp"
#include "preflight/report.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::checkpoint {

/// A field to be removed: the `ordinal`-th (from 1, from the top) of this name, as it came in.
struct FieldRemoval {
  std::string_view name;  ///< A word of the program, not of the message.
  std::size_t ordinal = 0;

  bool operator==(const FieldRemoval&) const = default;
};

/// A look-up as it went.
struct ExplainedLookup {
  std::string mechanism;
  dns::LookupRecord record;
};

struct Verdict {
  policy::Disposition disposition;
  /// In the order to be done: the highest ordinal of a name first.
  std::vector<FieldRemoval> removals;
  /// Each goes in at index 0, in this order: the last ends on top.
  std::vector<mail::HeaderField> insertions;
  findings::Findings findings;
  /// Of mail from outside, where failure reports are wanted: as it came, as far as the limits let.
  mail::HeaderSection header;
  /// What receivers would object to, for a submission that was judged.
  std::optional<preflight::Report> preflight;
  std::string list_id;                   ///< policy::Signs::list_id: a claim of the header.
  std::vector<ExplainedLookup> lookups;  ///< Where Services::explain asks for them.
};

}  // namespace sekisho::checkpoint
