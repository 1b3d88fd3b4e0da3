#include "tools/setup/undo_plan.hpp"

#include "tools/setup/milter_list.hpp"

#include <algorithm>
#include <ranges>
#include <string_view>
#include <utility>

namespace sekisho::tools::setup {

namespace {

constexpr std::string_view main_file = "/main.cf";

bool is_list(std::string_view name) {
  return name == "smtpd_milters" || name == "non_smtpd_milters";
}

// A text that goes back run by run, from the newest on; it stays where somebody has changed it.
class Rewound {
 public:
  explicit Rewound(std::optional<std::string> text) : text_(std::move(text)) {}

  void rewind(const std::optional<std::string>& before, const std::optional<std::string>& after) {
    if (stuck_ || text_ != after) {
      stuck_ = true;
      return;
    }
    text_ = before;
    moved_ = true;
  }

  [[nodiscard]] bool is_stuck() const { return stuck_; }
  [[nodiscard]] bool has_moved() const { return moved_; }
  [[nodiscard]] const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;
  bool stuck_ = false;
  bool moved_ = false;
};

std::optional<std::string> text_of(const Texts& texts, const std::string& path) {
  const auto found = texts.find(path);
  return found == texts.end() ? std::nullopt : std::optional(found->second);
}

using Paths = std::vector<FileNote> RunNotes::*;

std::map<std::string, Rewound> rewind_files(const Notes& notes, Paths which, const Texts& texts) {
  std::map<std::string, Rewound> files;
  for (const RunNotes& run : notes | std::views::reverse) {
    for (const FileNote& note : run.*which | std::views::reverse) {
      auto [file, is_new] = files.try_emplace(note.path, text_of(texts, note.path));
      file->second.rewind(note.before, note.after);
    }
  }
  return files;
}

std::string shown(const ParameterNote& note) {
  return note.service.empty() ? note.name : note.service + "/" + note.name;
}

std::optional<std::string> value_now(const PostfixFacts& postfix, const ParameterNote& note) {
  const auto service = std::ranges::find(postfix.services, note.service, &Service::name);
  if (!note.service.empty() && service == postfix.services.end()) {
    return std::nullopt;
  }
  const auto& parameters = note.service.empty() ? postfix.parameters : service->parameters;
  const auto found = parameters.find(note.name);
  return found == parameters.end() ? std::nullopt : std::optional(found->second);
}

Change set_to(const ParameterNote& note, const std::optional<std::string>& value) {
  if (note.service.empty()) {
    return value ? Change(SetParameter{note.name, *value}) : Change(UnsetParameter{note.name});
  }
  return value ? Change(SetServiceParameter{note.service, note.name, *value})
               : Change(UnsetServiceParameter{note.service, note.name});
}

// A list that became empty is as good as unset in main.cf; for a service, it means no milter.
std::optional<std::string> left_of(const ParameterNote& note, std::string list) {
  return list.empty() && note.service.empty() ? std::nullopt : std::optional(std::move(list));
}

void undo_parameter(const ParameterNote& oldest, const std::string& newest_value,
                    const PostfixFacts& postfix, const std::vector<std::string>& ours,
                    UndoPlan& plan) {
  const auto now = value_now(postfix, oldest);
  if (!now || now == oldest.before) {
    return;
  }
  if (*now == newest_value) {
    plan.changes.push_back(set_to(oldest, oldest.before));
    return;
  }
  if (is_list(oldest.name)) {
    const std::string left = remove_milters(*now, ours);
    if (left != *now) {
      plan.changes.push_back(set_to(oldest, left_of(oldest, left)));
    }
    return;
  }
  plan.kept.push_back(shown(oldest) + " was changed since, and stays: " + *now);
}

// The first note of a parameter has its value before setup, the last one what setup wrote.
void undo_parameters(const Notes& notes, bool of_main_file, const PostfixFacts& postfix,
                     const std::vector<std::string>& ours, UndoPlan& plan) {
  std::map<std::string, std::pair<ParameterNote, std::string>> parameters;
  for (const RunNotes& run : notes) {
    for (const ParameterNote& note : run.parameters) {
      if (note.service.empty() == of_main_file) {
        parameters.try_emplace(shown(note), note, note.after).first->second.second = note.after;
      }
    }
  }
  for (const auto& [name, both] : parameters) {
    undo_parameter(both.first, both.second, postfix, ours, plan);
  }
}

void undo_services(const Notes& notes, const PostfixFacts& postfix, UndoPlan& plan) {
  for (const RunNotes& run : notes) {
    for (const std::string& service : run.services) {
      if (std::ranges::find(postfix.services, service, &Service::name) != postfix.services.end()) {
        plan.changes.emplace_back(RemoveService{service});
      }
    }
  }
}

void release_list(const ParameterNote& place, const std::string& list,
                  const std::vector<std::string>& ours, UndoPlan& plan) {
  std::string left = remove_milters(list, ours);
  if (left != list) {
    plan.changes.push_back(set_to(place, left_of(place, std::move(left))));
  }
}

}  // namespace

UndoPlan undo_postfix(const Notes& notes, const Texts& texts, const PostfixFacts& postfix,
                      const std::vector<std::string>& ours) {
  UndoPlan plan;
  for (const auto& [path, file] : rewind_files(notes, &RunNotes::postfix_files, texts)) {
    if (!file.is_stuck()) {
      if (file.text() && file.text() != text_of(texts, path)) {
        plan.changes.emplace_back(WriteFile{path, *file.text()});
      }
      continue;
    }
    const bool of_main_file = path.ends_with(main_file);
    if (!of_main_file) {
      undo_services(notes, postfix, plan);
    }
    undo_parameters(notes, of_main_file, postfix, ours, plan);
  }
  return plan;
}

UndoPlan release_postfix(const PostfixFacts& postfix, const std::vector<std::string>& ours) {
  UndoPlan plan;
  for (const auto& [name, value] : postfix.parameters) {
    if (is_list(name)) {
      release_list({"", name, {}, {}}, value, ours, plan);
    }
  }
  for (const Service& service : postfix.services) {
    const auto found = service.parameters.find("smtpd_milters");
    if (found != service.parameters.end()) {
      release_list({service.name, found->first, {}, {}}, found->second, ours, plan);
    }
  }
  return plan;
}

UndoPlan undo_drop_ins(const Notes& notes, const Texts& texts) {
  UndoPlan plan;
  for (const auto& [path, file] : rewind_files(notes, &RunNotes::drop_ins, texts)) {
    const auto now = text_of(texts, path);
    if (file.is_stuck() && now) {
      plan.kept.push_back(path + " was changed since, and stays");
    } else if (!file.is_stuck() && file.text()) {
      plan.changes.emplace_back(WriteFile{path, *file.text()});
    } else if (!file.is_stuck() && now) {
      plan.changes.emplace_back(RemoveFile{path});
    }
  }
  return plan;
}

}  // namespace sekisho::tools::setup
