#include "tools/setup/changes.hpp"

#include "tools/key/record.hpp"
#include "tools/setup/postfix_facts.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>

namespace sekisho::tools::setup {

namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

Words postconf(const std::optional<PostfixFacts>& postfix, const std::string& option,
               const std::string& argument) {
  Words command =
      postfix ? postfix_command("postconf", postfix->folder, postfix->is_usual) : Words{"postconf"};
  command.push_back(option);
  command.push_back(argument);
  return command;
}

std::string indented(const std::string& text) {
  std::string lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines += end == begin ? "\n" : "\n  " + text.substr(begin, end - begin);
    begin = end + 1;
  }
  return lines;
}

}  // namespace

Words command_of(const Change& change, const std::optional<PostfixFacts>& postfix) {
  return std::visit(
      Overloaded{
          [](const MakeKey&) { return Words{}; }, [](const MakeFolder&) { return Words{}; },
          [](const WriteFile&) { return Words{}; }, [](const RemoveFile&) { return Words{}; },
          [&](const SetParameter& set) {
            return postconf(postfix, "-e", set.name + "=" + set.value);
          },
          [&](const UnsetParameter& unset) { return postconf(postfix, "-X", unset.name); },
          [&](const AddService& add) {
            return postconf(postfix, "-M", add.service + "=" + add.entry);
          },
          [&](const RemoveService& remove) { return postconf(postfix, "-MX", remove.service); },
          [&](const SetServiceParameter& set) {
            return postconf(postfix, "-P", set.service + "/" + set.name + "=" + set.value);
          },
          [&](const UnsetServiceParameter& unset) {
            return postconf(postfix, "-PX", unset.service + "/" + unset.name);
          },
          [](const RunProgram& program) { return program.command; }},
      change);
}

bool is_of_mail_server(const Change& change) {
  if (const auto* const program = std::get_if<RunProgram>(&change)) {
    return program->command.front() == "postfix";
  }
  const std::optional<PostfixFacts> none;
  return !command_of(change, none).empty();
}

std::string describe_change(const Change& change, const Facts& facts) {
  if (const auto* const key = std::get_if<MakeKey>(&change)) {
    return "make the key " + facts.key_folder + "/" + key->domain.text() + "/" + key->selector +
           ".pem (" + std::string(format_key_type(key->type)) + ")";
  }
  if (const auto* const folder = std::get_if<MakeFolder>(&change)) {
    return "make the folder " + folder->path + " for " + folder->owner + " and the group " +
           folder->group;
  }
  if (const auto* const file = std::get_if<WriteFile>(&change)) {
    return "write " + file->path + indented(file->text);
  }
  if (const auto* const file = std::get_if<RemoveFile>(&change)) {
    return "remove " + file->path;
  }
  return format_command(command_of(change, facts.postfix));
}

}  // namespace sekisho::tools::setup
