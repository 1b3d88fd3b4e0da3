// What --undo and --release do: a pure function of the notes and of what there is now.
#pragma once

#include "tools/setup/changes.hpp"
#include "tools/setup/facts.hpp"
#include "tools/setup/notes.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::tools::setup {

/// The texts of the files that the notes name; without those that are gone.
using Texts = std::map<std::string, std::string>;

struct UndoPlan {
  std::vector<Change> changes;
  std::vector<std::string> kept;  ///< Lines for people: what stays, and why.
};

/// Puts the mail server back. A file that nobody has changed since gets its old text, to the octet.
/// In one that was changed, setup's parameters get their old values, and the rest stays.
[[nodiscard]] UndoPlan undo_postfix(const Notes& notes, const Texts& texts,
                                    const PostfixFacts& postfix,
                                    const std::vector<std::string>& ours);

/// Takes `ours` out of every list of milters, whoever put them there.
[[nodiscard]] UndoPlan release_postfix(const PostfixFacts& postfix,
                                       const std::vector<std::string>& ours);

/// Removes setup's drop-ins, or gives them their old texts. Those that were changed since stay.
[[nodiscard]] UndoPlan undo_drop_ins(const Notes& notes, const Texts& texts);

}  // namespace sekisho::tools::setup
