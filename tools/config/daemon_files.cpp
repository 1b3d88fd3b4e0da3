#include "tools/config/daemon_files.hpp"

#include "config/source_files.hpp"
#include "keys/key_table.hpp"
#include "keys/table.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <variant>

namespace sekisho::tools {

namespace {

/// Of a table as an option names it; empty: it is no file.
std::string file_of_table(std::string_view specification) {
  for (const std::string_view kind : {"file:", "refile:"}) {
    if (specification.starts_with(kind)) {
      specification.remove_prefix(kind.size());
    }
  }
  return specification.starts_with('/') ? std::string(specification) : "";
}

std::vector<std::string> keys_in_table(const std::string& specification) {
  std::vector<std::string> files;
  std::vector<std::string> problems;
  const auto table = keys::Table::read(specification, problems);
  if (!table) {
    return files;
  }
  for (const keys::TableLine& line : table->lines()) {
    const auto entry = keys::parse_key_table_entry(line.value);
    const auto* const path = entry ? std::get_if<std::string>(&entry->key) : nullptr;
    // With a percent sign it is one for each domain.
    if (path != nullptr && !path->contains('%')) {
      files.push_back(*path);
    }
  }
  return files;
}

}  // namespace

std::vector<std::string> files_of_daemon(const std::string& configuration,
                                         const config::Options& options) {
  const keys::Options& keys = options.signing.keys;
  std::vector<std::string> files = config::source_paths(configuration);
  for (const std::string& file : {file_of_table(keys.key_table), file_of_table(keys.signing_table),
                                  options.signing.login_map, options.dmarc.public_suffix_list}) {
    files.push_back(file);
  }
  for (const keys::SignEntry& entry : keys.entries) {
    files.push_back(entry.key_file);
  }
  if (options.arc.seal != checkpoint::Seal::never) {
    files.push_back(options.arc.key_file);
  }
  if (!keys.key_table.empty()) {
    std::ranges::copy(keys_in_table(keys.key_table), std::back_inserter(files));
  }
  // Where a relative path begins is the daemon's, and not known here.
  std::erase_if(files, [](const std::string& file) { return !file.starts_with('/'); });
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace sekisho::tools
