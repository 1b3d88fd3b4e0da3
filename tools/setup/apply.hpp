// Makes the changes of a plan, and notes them for --undo.
#pragma once

#include "tools/cli/command_runner.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/setup/changes.hpp"
#include "tools/setup/facts.hpp"
#include "tools/setup/notes.hpp"

#include <expected>
#include <string>

namespace sekisho::tools::setup {

/// Makes changes one by one. Each is on the disk, in the notes as well, before the next begins, so
/// that --undo works after a failure, too.
class Applier {
 public:
  /// Borrows all but `notes_path` for its lifetime. What it does goes into a new run of the notes.
  Applier(const Facts& facts, const CommandRunner& run, Notes& notes, std::string notes_path);

  [[nodiscard]] std::expected<void, Refusal> apply(const Change& change);

 private:
  [[nodiscard]] std::expected<void, Refusal> make(const MakeKey& key);
  [[nodiscard]] std::expected<void, Refusal> write(const WriteFile& file);
  [[nodiscard]] std::expected<void, Refusal> run(const Change& change);
  [[nodiscard]] std::expected<void, Refusal> edit_postfix(const Change& change);
  void note_parameter(const Change& change);
  void note_postfix_files(bool before);

  const Facts& facts_;
  const CommandRunner& run_;
  Notes& notes_;
  std::string notes_path_;
};

/// Makes changes of an undo, which need no notes.
[[nodiscard]] std::expected<void, Refusal> take_back(const Change& change, const Facts& facts,
                                                     const CommandRunner& run);

}  // namespace sekisho::tools::setup
