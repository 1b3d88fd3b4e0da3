#include "tools/setup/notes.hpp"

#include "tools/setup/files.hpp"

#include <algorithm>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace sekisho::tools::setup {

namespace {

using Json = nlohmann::ordered_json;

Json describe(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

std::optional<std::string> read_optional(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<std::string>());
}

Json describe(const std::vector<FileNote>& files) {
  Json list = Json::array();
  for (const FileNote& file : files) {
    list.push_back({{"path", file.path}, {"before", describe(file.before)}, {"after", file.after}});
  }
  return list;
}

std::vector<FileNote> read_files(const Json& list) {
  std::vector<FileNote> files;
  for (const Json& one : list) {
    files.push_back({one.at("path").get<std::string>(), read_optional(one.at("before")),
                     one.at("after").get<std::string>()});
  }
  return files;
}

Json describe(const std::vector<ParameterNote>& parameters) {
  Json list = Json::array();
  for (const ParameterNote& one : parameters) {
    list.push_back({{"service", one.service},
                    {"name", one.name},
                    {"before", describe(one.before)},
                    {"after", one.after}});
  }
  return list;
}

std::vector<ParameterNote> read_parameters(const Json& list) {
  std::vector<ParameterNote> parameters;
  for (const Json& one : list) {
    parameters.push_back({one.at("service").get<std::string>(), one.at("name").get<std::string>(),
                          read_optional(one.at("before")), one.at("after").get<std::string>()});
  }
  return parameters;
}

}  // namespace

std::string notes_file(const std::string& configuration) {
  const std::size_t slash = configuration.rfind('/');
  return (slash == std::string::npos ? "" : configuration.substr(0, slash + 1)) + "setup.json";
}

std::string format_notes(const Notes& notes) {
  Json runs = Json::array();
  for (const RunNotes& run : notes) {
    runs.push_back({{"drop_ins", describe(run.drop_ins)},
                    {"postfix_files", describe(run.postfix_files)},
                    {"parameters", describe(run.parameters)},
                    {"services", run.services}});
  }
  // What is not UTF-8 in main.cf cannot stand in JSON: then the file counts as edited since.
  return Json{{"runs", std::move(runs)}}.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::expected<Notes, std::string> parse_notes(std::string_view text) {
  try {
    Notes notes;
    for (const Json document = Json::parse(text); const Json& run : document.at("runs")) {
      notes.push_back({read_files(run.at("drop_ins")), read_files(run.at("postfix_files")),
                       read_parameters(run.at("parameters")),
                       run.at("services").get<std::vector<std::string>>()});
    }
    return notes;
  } catch (const nlohmann::json::exception& error) {
    return std::unexpected(std::string("not understood: ") + error.what());
  }
}

std::expected<Notes, Refusal> load_notes(const std::string& path) {
  const auto text = read_file(path);
  if (!text) {
    return Notes{};
  }
  auto notes = parse_notes(*text);
  if (!notes) {
    return std::unexpected(Refusal{exit_failure, path + ": " + notes.error()});
  }
  return *std::move(notes);
}

std::expected<void, Refusal> save_notes(const std::string& path, const Notes& notes) {
  if (std::ranges::all_of(notes, &RunNotes::is_empty)) {
    return remove_file(path);
  }
  return replace_file(path, format_notes(notes), S_IRUSR | S_IWUSR);
}

}  // namespace sekisho::tools::setup
