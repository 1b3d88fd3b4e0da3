// The changes that setup makes, and that --undo takes back: as values, as commands and as text.
#pragma once

#include "crypto/public_key.hpp"
#include "mail/domain.hpp"
#include "tools/cli/command_runner.hpp"
#include "tools/setup/facts.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <sys/types.h>

namespace sekisho::tools::setup {

struct MakeKey {
  mail::Domain domain;
  std::string selector;
  crypto::KeyType type = crypto::KeyType::rsa;
};
struct MakeFolder {
  std::string path;
  std::string owner;
  std::string group;
  mode_t mode = 0;
};
/// An existing file keeps its owner and mode.
struct WriteFile {
  std::string path;
  std::string text;
};
struct RemoveFile {
  std::string path;
};
/// `postconf -e name=value`
struct SetParameter {
  std::string name;
  std::string value;
};
/// `postconf -X name`
struct UnsetParameter {
  std::string name;
};
/// `postconf -M service=entry`
struct AddService {
  std::string service;
  std::string entry;
};
/// `postconf -MX service`
struct RemoveService {
  std::string service;
};
/// `postconf -P service/name=value`
struct SetServiceParameter {
  std::string service;
  std::string name;
  std::string value;
};
/// `postconf -PX service/name`
struct UnsetServiceParameter {
  std::string service;
  std::string name;
};
struct RunProgram {
  Words command;
};
using Change =
    std::variant<MakeKey, MakeFolder, WriteFile, RemoveFile, SetParameter, UnsetParameter,
                 AddService, RemoveService, SetServiceParameter, UnsetServiceParameter, RunProgram>;

/// Returns the command that makes a change; empty for keys, folders and files, which need none.
[[nodiscard]] Words command_of(const Change& change, const std::optional<PostfixFacts>& postfix);

/// Returns one line: the command, or what is made. Of a file the text follows, indented.
[[nodiscard]] std::string describe_change(const Change& change, const Facts& facts);

/// Returns true if the change is one of the mail server.
[[nodiscard]] bool is_of_mail_server(const Change& change);

}  // namespace sekisho::tools::setup
