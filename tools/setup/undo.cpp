#include "tools/setup/undo.hpp"

#include "tools/setup/apply.hpp"
#include "tools/setup/files.hpp"
#include "tools/setup/notes.hpp"
#include "tools/setup/other_milters.hpp"
#include "tools/setup/postfix_facts.hpp"
#include "tools/setup/postfix_plan.hpp"
#include "tools/setup/questions.hpp"
#include "tools/setup/undo_plan.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::tools::setup {

namespace {

constexpr const char* packaged_socket = "inet:8891@127.0.0.1";

Texts read_noted_files(const Notes& notes) {
  Texts texts;
  for (const RunNotes& run : notes) {
    for (const auto& files : {run.drop_ins, run.postfix_files}) {
      for (const FileNote& note : files) {
        if (auto text = read_file(note.path)) {
          texts[note.path] = *std::move(text);
        }
      }
    }
  }
  return texts;
}

// Every name that Postfix may have for Sekisho, but for those where another program listens.
std::vector<std::string> names_of_sekisho(const Facts& facts) {
  std::vector<std::string> names;
  for (const std::string& socket : {facts.configuration.options.socket, socket_for(*facts.postfix),
                                    std::string(packaged_socket)}) {
    std::ranges::copy(names_of_socket(socket, *facts.postfix), std::back_inserter(names));
  }
  std::erase_if(names, [&](const std::string& name) {
    const auto other = std::ranges::find(facts.others, name, &OtherMilter::name);
    return other != facts.others.end() && other->program != OtherProgram::unknown;
  });
  return names;
}

void add_reload(const PostfixFacts& postfix, UndoPlan& plan) {
  if (postfix.is_running) {
    Words reload = postfix_command("postfix", postfix.folder, postfix.is_usual);
    reload.emplace_back("reload");
    plan.changes.emplace_back(RunProgram{std::move(reload)});
  }
}

// Of a file that gets its old text, the name is enough.
std::string describe(const Change& change, const Facts& facts) {
  if (const auto* const file = std::get_if<WriteFile>(&change)) {
    return "restore " + file->path;
  }
  return describe_change(change, facts);
}

void print(const UndoPlan& plan, const Facts& facts) {
  for (const Change& change : plan.changes) {
    std::cout << describe(change, facts) << '\n';
  }
  for (const std::string& line : plan.kept) {
    std::cout << "note: " << line << '\n';
  }
}

std::expected<void, Refusal> carry_out(const UndoPlan& plan, const Facts& facts,
                                       const CommandRunner& run) {
  for (const Change& change : plan.changes) {
    if (auto done = take_back(change, facts, run); !done) {
      return done;
    }
  }
  return {};
}

// The mail server first, so that it never asks a daemon that has moved away.
UndoPlan plan_undo(const Notes& notes, const Facts& facts) {
  const Texts texts = read_noted_files(notes);
  UndoPlan plan;
  if (facts.postfix) {
    plan = undo_postfix(notes, texts, *facts.postfix, names_of_sekisho(facts));
    if (!plan.changes.empty()) {
      add_reload(*facts.postfix, plan);
    }
  }
  UndoPlan files = undo_drop_ins(notes, texts);
  const bool restarts = !files.changes.empty() && facts.daemon != DaemonState::unmanaged;
  std::ranges::move(files.changes, std::back_inserter(plan.changes));
  std::ranges::move(files.kept, std::back_inserter(plan.kept));
  if (restarts) {
    plan.changes.emplace_back(RunProgram{{"systemctl", "restart", "sekishod"}});
  }
  return plan;
}

Facts look_without_dns(const View& view) {
  return gather_local_facts(view.sources, view.places,
                            load_configuration(view.places.configuration));
}

void forget_postfix(Notes& notes) {
  for (RunNotes& run : notes) {
    run.postfix_files.clear();
    run.parameters.clear();
    run.services.clear();
  }
}

// The source of sendmail.cf belongs to the postmaster.
void warn_of_sendmail(const Facts& facts) {
  if (facts.sendmail && facts.sendmail->names_sekisho) {
    std::cout << "Sendmail asks Sekisho, and answers all mail with 451 once it is gone. Remove the "
                 "line INPUT_MAIL_FILTER(`sekisho', ...) from /etc/mail/sendmail.mc, then run:\n"
                 "  make -C /etc/mail && systemctl restart sendmail\n";
  }
}

// Undoes what is noted, and then looks again for what was there before or added by hand.
std::expected<void, Refusal> release_from_postfix(const Notes& notes, const View& view,
                                                  bool dry_run) {
  Facts facts = look_without_dns(view);
  if (!facts.postfix) {
    warn_of_sendmail(facts);
    return {};
  }
  const std::vector<std::string> ours = names_of_sekisho(facts);
  UndoPlan first = undo_postfix(notes, read_noted_files(notes), *facts.postfix, ours);
  print(first, facts);
  if (!dry_run) {
    if (auto done = carry_out(first, facts, view.sources.run); !done) {
      return done;
    }
    facts = look_without_dns(view);
  }
  UndoPlan second = release_postfix(*facts.postfix, ours);
  if (!first.changes.empty() || !second.changes.empty()) {
    add_reload(*facts.postfix, second);
  }
  print(second, facts);
  return dry_run ? std::expected<void, Refusal>{} : carry_out(second, facts, view.sources.run);
}

}  // namespace

int undo(const Arguments& arguments, const View& view) {
  const std::string path = notes_file(arguments.config);
  const auto notes = load_notes(path);
  if (!notes) {
    return complain("setup", notes.error());
  }
  if (notes->empty()) {
    std::cout << "Setup has changed nothing on this host (there is no " << path
              << "). To have the mail server no longer ask Sekisho, run: sekisho setup --release\n";
    return exit_success;
  }
  const Facts facts = look_without_dns(view);
  const UndoPlan plan = plan_undo(*notes, facts);
  print(plan, facts);
  if (arguments.dry_run) {
    std::cout << "\nNothing was changed (--dry-run).\n";
    return exit_success;
  }
  if (!arguments.yes && !has_terminal()) {
    return complain("setup", {exit_usage, "there is no terminal to ask on: give --yes"});
  }
  if (!arguments.yes && !confirm("Take this back?")) {
    return exit_success;
  }
  if (const auto done = carry_out(plan, facts, view.sources.run); !done) {
    return complain("setup", done.error());
  }
  if (const auto saved = save_notes(path, {}); !saved) {
    return complain("setup", saved.error());
  }
  std::cout << "\nKeys stay in " << arguments.key_folder
            << ": remove them when their records are out of the DNS.\n";
  return exit_success;
}

int release(const Arguments& arguments, const View& view) {
  const std::string path = notes_file(arguments.config);
  auto notes = load_notes(path);
  if (!notes) {
    return complain("setup", notes.error());
  }
  if (const auto done = release_from_postfix(*notes, view, arguments.dry_run); !done) {
    return complain("setup", done.error());
  }
  if (arguments.dry_run) {
    std::cout << "\nNothing was changed (--dry-run).\n";
    return exit_success;
  }
  forget_postfix(*notes);
  if (const auto saved = save_notes(path, *notes); !saved) {
    return complain("setup", saved.error());
  }
  return exit_success;
}

}  // namespace sekisho::tools::setup
