#include "tools/setup/apply.hpp"

#include "tools/key/store.hpp"
#include "tools/setup/files.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include <sys/stat.h>

namespace sekisho::tools::setup {

namespace {

constexpr mode_t public_mode = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;

std::expected<void, Refusal> run_program(const Words& command, const CommandRunner& run) {
  const CommandResult result = run(command);
  if (result.succeeded()) {
    return {};
  }
  std::string errors = result.errors.empty() ? result.output : result.errors;
  errors.erase(errors.find_last_not_of(" \r\n") + 1);
  return std::unexpected(Refusal{
      exit_failure, format_command(command) + " failed" + (errors.empty() ? "" : ":\n" + errors)});
}

std::optional<std::string> written_value(const std::map<std::string, std::string>& parameters,
                                         const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> written_value(const PostfixFacts& postfix, const std::string& service,
                                         const std::string& name) {
  const auto found = std::ranges::find(postfix.services, service, &Service::name);
  return found == postfix.services.end() ? std::nullopt : written_value(found->parameters, name);
}

}  // namespace

Applier::Applier(const Facts& facts, const CommandRunner& run, Notes& notes, std::string notes_path)
    : facts_(facts), run_(run), notes_(notes), notes_path_(std::move(notes_path)) {
  notes_.emplace_back();
}

std::expected<void, Refusal> Applier::apply(const Change& change) {
  if (const auto* const key = std::get_if<MakeKey>(&change)) {
    return make(*key);
  }
  if (const auto* const folder = std::get_if<MakeFolder>(&change)) {
    return make_folder(folder->path, folder->owner, folder->group, folder->mode);
  }
  if (const auto* const file = std::get_if<WriteFile>(&change)) {
    return write(*file);
  }
  if (std::holds_alternative<RunProgram>(change)) {
    return run(change);
  }
  return edit_postfix(change);
}

std::expected<void, Refusal> Applier::make(const MakeKey& key) {
  const KeyStore store(facts_.key_folder, key.domain);
  const auto written =
      store.write({key.domain, key.selector, crypto::PrivateKey::generate(key.type)});
  if (!written) {
    return std::unexpected(written.error());
  }
  return {};
}

std::expected<void, Refusal> Applier::write(const WriteFile& file) {
  notes_.back().drop_ins.push_back({file.path, read_file(file.path), file.text});
  if (auto saved = save_notes(notes_path_, notes_); !saved) {
    return saved;
  }
  return replace_file(file.path, file.text, public_mode);
}

std::expected<void, Refusal> Applier::run(const Change& change) {
  return run_program(command_of(change, facts_.postfix), run_);
}

// The texts of before are saved first.
std::expected<void, Refusal> Applier::edit_postfix(const Change& change) {
  note_postfix_files(true);
  note_parameter(change);
  if (auto saved = save_notes(notes_path_, notes_); !saved) {
    return saved;
  }
  auto done = run(change);
  note_postfix_files(false);
  auto saved = save_notes(notes_path_, notes_);
  return done ? saved : done;
}

void Applier::note_parameter(const Change& change) {
  RunNotes& notes = notes_.back();
  const PostfixFacts& postfix = *facts_.postfix;
  if (const auto* const set = std::get_if<SetParameter>(&change)) {
    notes.parameters.push_back(
        {"", set->name, written_value(postfix.parameters, set->name), set->value});
  } else if (const auto* const add = std::get_if<AddService>(&change)) {
    notes.services.push_back(add->service);
  } else if (const auto* const service = std::get_if<SetServiceParameter>(&change)) {
    notes.parameters.push_back({service->service, service->name,
                                written_value(postfix, service->service, service->name),
                                service->value});
  }
}

void Applier::note_postfix_files(bool before) {
  std::vector<FileNote>& files = notes_.back().postfix_files;
  for (const char* const name : {"/main.cf", "/master.cf"}) {
    const std::string path = facts_.postfix->folder + name;
    auto text = read_file(path);
    const auto known = std::ranges::find(files, path, &FileNote::path);
    if (known == files.end()) {
      files.push_back({path, text, text.value_or("")});
    } else if (!before) {
      known->after = text.value_or("");
    }
  }
}

std::expected<void, Refusal> take_back(const Change& change, const Facts& facts,
                                       const CommandRunner& run) {
  if (const auto* const file = std::get_if<WriteFile>(&change)) {
    return replace_file(file->path, file->text, public_mode);
  }
  if (const auto* const file = std::get_if<RemoveFile>(&change)) {
    return remove_file(file->path);
  }
  return run_program(command_of(change, facts.postfix), run);
}

}  // namespace sekisho::tools::setup
