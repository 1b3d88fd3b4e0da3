#include "tools/setup/drop_ins.hpp"

namespace sekisho::tools::setup {

namespace {

// A basic string of TOML.
std::string quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted + "\"";
}

std::string line(std::string_view name, std::string_view value) {
  return value.empty() ? "" : std::string(name) + " = " + quoted(value) + "\n";
}

}  // namespace

std::string main_drop_in(const std::string& folder) {
  return folder + "/50-setup.toml";
}

std::string signing_drop_in(const std::string& folder, const mail::Domain& domain) {
  return folder + "/60-sign-" + domain.text() + ".toml";
}

std::string drop_in_head() {
  return "# Written by \"sekisho setup\"; \"sekisho setup --undo\" removes this file.\n";
}

std::string format_host_options(const HostOptions& options) {
  std::string text =
      drop_in_head() + line("socket", options.socket) + line("authserv_id", options.authserv_id);
  if (options.dry_run) {
    text +=
        "\n[policy]\n"
        "# Nothing is refused yet; the log says what would be. \"sekisho setup --enforce\" ends "
        "this.\n"
        "dry_run = true\n";
  }
  return text;
}

std::string format_sign_entry(std::string_view domain, std::string_view selector,
                              std::string_view key_file) {
  return "\n[[sign]]\n" + line("domain", domain) + line("selector", selector) +
         line("key_file", key_file);
}

}  // namespace sekisho::tools::setup
