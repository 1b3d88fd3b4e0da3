// Drop-ins: their order, what a later file does to an earlier one, and which file a message names.
#include "config/load.hpp"
#include "config/source_files.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;

namespace {

/// A folder with a configuration that is removed again; names below it → texts.
class ConfigurationFolder {
 public:
  explicit ConfigurationFolder(const std::map<std::string, std::string>& files) {
    std::string pattern = (std::filesystem::temp_directory_path() / "sekisho-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    for (const auto& [name, text] : files) {
      std::filesystem::create_directories((path_ / name).parent_path());
      std::ofstream(path_ / name) << text;
    }
  }
  ConfigurationFolder(const ConfigurationFolder&) = delete;
  ConfigurationFolder& operator=(const ConfigurationFolder&) = delete;
  ConfigurationFolder(ConfigurationFolder&&) = delete;
  ConfigurationFolder& operator=(ConfigurationFolder&&) = delete;
  ~ConfigurationFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }
  [[nodiscard]] std::string main() const { return *this / "sekisho.toml"; }

 private:
  std::filesystem::path path_;
};

/// The messages, without the folder.
std::vector<std::string> problems_of(const ConfigurationFolder& folder) {
  std::vector<std::string> messages;
  if (const auto options = config::load(folder.main()); !options) {
    for (const config::Problem& problem : options.error()) {
      messages.push_back(problem.message);
      const std::size_t begin = messages.back().find(folder / "");
      if (begin != std::string::npos) {
        messages.back().erase(begin, (folder / "").size());
      }
    }
  }
  return messages;
}

/// "VALUE FILE:LINE" of a setting, without the folder.
std::string origin_of(const ConfigurationFolder& folder, const std::string& name) {
  const auto settings = config::load_settings(folder.main());
  REQUIRE(settings.has_value());
  const auto found = std::ranges::find(*settings, name, &config::Setting::name);
  if (found == settings->end() || found->line == 0) {
    return "default";
  }
  return found->value + " " + found->file.substr((folder / "").size()) + ":" +
         std::to_string(found->line);
}

}  // namespace

TEST_CASE("drop-ins are read after the main file, in the byte order of their names", "[config]") {
  const ConfigurationFolder folder({
      {"sekisho.toml", "socket = \"fd:3\"\n[dns]\ntimeout = \"5s\"\ntrust_ad = true\n"},
      {"conf.d/9-last.toml", "[dns]\ntimeout = \"7s\"\n"},
      {"conf.d/10-first.toml", "\n[dns]\ntimeout = \"6s\"\ncache_entries = 5\n"},
      {"conf.d/.hidden.toml", "zeal = 1\n"},
      {"conf.d/old.toml~", "zeal = 1\n"},
      {"conf.d/20-spf.conf", "zeal = 1\n"},
      {"conf.d/README", "what this is for\n"},
  });
  CHECK(origin_of(folder, "socket") == "\"fd:3\" sekisho.toml:1");
  CHECK(origin_of(folder, "dns.timeout") == "\"7s\" conf.d/9-last.toml:2");
  CHECK(origin_of(folder, "dns.cache_entries") == "5 conf.d/10-first.toml:4");
  CHECK(origin_of(folder, "dns.trust_ad") == "true sekisho.toml:4");
  CHECK(origin_of(folder, "spf.engine") == "default");
  CHECK(config::find_ignored_drop_ins(folder.main()) ==
        std::vector<std::string>{folder / "conf.d/20-spf.conf"});
  CHECK(config::source_paths(folder.main()) ==
        std::vector<std::string>{folder.main(), folder / "conf.d/10-first.toml",
                                 folder / "conf.d/9-last.toml"});
}

TEST_CASE("tables of a list are added, file by file", "[config]") {
  const std::string rule = "[[rule]]\naction = \"accept\"\nclient = ";
  const ConfigurationFolder folder({
      {"sekisho.toml", rule + "[\"192.0.2.1\"]\n"},
      {"conf.d/a.toml", rule + "[\"192.0.2.2\"]\n" + rule + "[\"192.0.2.3\"]\n"},
      {"conf.d/b.toml", rule + "[\"192.0.2.4\"]\n"},
  });
  CHECK(config::load(folder.main()).value().policy.rules.size() == 4);
  CHECK(origin_of(folder, "rule[1].client") == "[\"192.0.2.1\"] sekisho.toml:3");
  CHECK(origin_of(folder, "rule[3].client") == "[\"192.0.2.3\"] conf.d/a.toml:6");
  CHECK(origin_of(folder, "rule[4].client") == "[\"192.0.2.4\"] conf.d/b.toml:3");
}

TEST_CASE("a message names the file and the line that has to change", "[config]") {
  const ConfigurationFolder folder({
      {"sekisho.toml", "zeal = 1\n"},
      {"conf.d/a.toml", "[dns]\ncache_min_ttl = \"9m\"\ntimeout = 5\n"},
      {"conf.d/b.toml", "[dns]\ncache_max_ttl = \"1m\"\n[arc]\nseal = \"always\"\n"},
      {"conf.d/c.toml", "[[rule]]\nhelo = [\"mx.example.org\"]\n"},
  });
  CHECK(problems_of(folder) ==
        std::vector<std::string>{
            "sekisho.toml:1: zeal: no such option; expected one that sekisho.toml(5) lists",
            "conf.d/a.toml:2: dns.cache_min_ttl: is \"540s\", above dns.cache_max_ttl; expected no "
            "more than \"60s\"",
            "conf.d/a.toml:3: dns.timeout: is the integer 5; expected a duration such as "
            "\"500ms\", \"5s\", \"2m\", \"1h\" or \"7d\"",
            "conf.d/b.toml:4: arc.domain: missing; expected a value, since arc.seal is \"always\"",
            "conf.d/b.toml:4: arc.key_file: missing; expected a value, since arc.seal is "
            "\"always\"",
            "conf.d/b.toml:4: arc.selector: missing; expected a value, since arc.seal is "
            "\"always\"",
            "conf.d/c.toml:1: rule.action: missing; expected in every [[rule]] table",
        });
}

TEST_CASE("a file that is named wrongly is told with the drop-in that names it", "[config]") {
  const ConfigurationFolder rule({
      {"sekisho.toml", ""},
      {"conf.d/a.toml", "[[rule]]\naction = \"reject\"\nauthor = [\"file:/nonexistent/list\"]\n"},
  });
  REQUIRE(problems_of(rule).size() == 1);
  CHECK_THAT(problems_of(rule).front(),
             Catch::StartsWith("conf.d/a.toml:3: rule.author: /nonexistent/list: cannot be read"));
  const ConfigurationFolder list({
      {"sekisho.toml", ""},
      {"conf.d/a.toml",
       "[dmarc]\npublic_suffix_list = \"/nonexistent/list\"\n"
       "discovery = \"psl\"\n"},
  });
  REQUIRE(problems_of(list).size() == 1);
  CHECK_THAT(problems_of(list).front(), Catch::StartsWith("conf.d/a.toml:2: dmarc.public_"));
}

TEST_CASE("a drop-in that is not TOML does not hide the faults of the others", "[config]") {
  const ConfigurationFolder folder({
      {"sekisho.toml", "socket = 5\n"},
      {"conf.d/a.toml", "[dns\n"},
      {"conf.d/b.toml", "[dns]\ntimeout = \"5s\"\n[spf]\n[dns]\n"},
      {"conf.d/c.toml", "role = \"bo\xC3\xBC\"\nrole = bo\xC3\xBC\n"},
  });
  const auto problems = problems_of(folder);
  REQUIRE(problems.size() == 4);
  CHECK_THAT(problems[0], Catch::StartsWith("sekisho.toml:1: socket: "));
  CHECK_THAT(problems[1], Catch::StartsWith("conf.d/a.toml:1: not TOML: "));
  CHECK(problems[2] ==
        "conf.d/b.toml:4: [dns]: the file has this table in line 1 already; expected its options "
        "below that line");
  CHECK_THAT(problems[3], Catch::StartsWith("conf.d/c.toml:2: not TOML: a character"));
}

TEST_CASE("what cannot be read among the drop-ins is told", "[config]") {
  const ConfigurationFolder folder({{"sekisho.toml", ""}, {"conf.d/a.toml/file", ""}});
  std::filesystem::create_symlink("/nonexistent", folder / "conf.d/b.toml");
  CHECK(problems_of(folder) ==
        std::vector<std::string>{"conf.d/a.toml: cannot be read: Is a directory",
                                 "conf.d/b.toml: cannot be read: No such file or directory"});
  const ConfigurationFolder file({{"sekisho.toml", ""}, {"conf.d", ""}});
  CHECK(problems_of(file) == std::vector<std::string>{"conf.d: cannot be read: Not a directory"});
}

TEST_CASE("a main file with a folder of its own name has its drop-ins there", "[config]") {
  const ConfigurationFolder folder({
      {"sekisho.toml", ""},
      {"submission.toml", ""},
      {"conf.d/a.toml", "role = \"inbound\"\n"},
  });
  const auto role = [&](const char* name) {
    return config::load(folder / name).value().policy.role;
  };
  CHECK(role("submission.toml") == policy::Role::inbound);
  std::filesystem::create_directory(folder / "submission.d");
  CHECK(role("submission.toml") == policy::Role::both);
  std::ofstream(folder / "submission.d/a.toml") << "role = \"outbound\"\n";
  CHECK(role("submission.toml") == policy::Role::outbound);
  CHECK(role("sekisho.toml") == policy::Role::inbound);
}

TEST_CASE("the folder of drop-ins stands beside the main file", "[config]") {
  CHECK(config::drop_in_folder("/nonexistent/sekisho.toml") == "/nonexistent/conf.d");
  CHECK(config::drop_in_folder("sekisho.toml") == "conf.d");
  CHECK(config::drop_in_folder("./x") == "./conf.d");
}

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(SEKISHO_SOURCE_DIR "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The blocks of a text between two lines.
std::vector<std::string> blocks_of(const std::string& text, const std::string& begin,
                                   const std::string& end) {
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at = text.find('\n', at) + 1;
    blocks.push_back(text.substr(at, text.find(end, at) - at));
  }
  return blocks;
}

bool is_toml(const std::string& block) {
  return std::regex_search(
      block, std::regex("^ *(\\[\\[?[a-z]+\\]\\]?|[a-z_]+ = (\"|\\[|true|false|[0-9]).*)\\n"));
}

/// As mandoc(1) prints them.
std::string without_escapes(std::string block) {
  block = std::regex_replace(block, std::regex("\\\\\\(dq"), "\"");
  return std::regex_replace(block, std::regex("\\\\e"), "\\");
}

/// What the documents show as TOML, by document and number.
std::map<std::string, std::string> snippets() {
  std::map<std::string, std::string> found;
  const auto add = [&](const std::string& name, const std::vector<std::string>& blocks) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (is_toml(blocks[i])) {
        found["conf.d/" + name + "-" + std::to_string(i) + ".toml"] = blocks[i];
      }
    }
  };
  add("README", blocks_of(contents("README.md"), "```toml\n", "```\n"));
  for (const auto& entry : std::filesystem::directory_iterator(SEKISHO_SOURCE_DIR "/man")) {
    const std::string name = entry.path().filename().string();
    add(name, blocks_of(without_escapes(contents("man/" + name)), ".Bd -literal", ".Ed\n"));
  }
  return found;
}

}  // namespace

TEST_CASE("each example of the README and the manual can be a drop-in, and all of them together",
          "[config]") {
  const auto found = snippets();
  CHECK(found.size() >= 12);
  std::map<std::string, std::string> all = found;
  const std::string main = contents("etc/sekisho.installed.toml");
  all["sekisho.toml"] = main;
  CHECK(problems_of(ConfigurationFolder(all)) == std::vector<std::string>{});
  for (const auto& [name, text] : found) {
    DYNAMIC_SECTION(name) {
      const ConfigurationFolder alone({{"sekisho.toml", main}, {name, text}});
      CHECK(problems_of(alone) == std::vector<std::string>{});
    }
  }
}

TEST_CASE("the file that is installed sets the socket and the user, and nothing else", "[config]") {
  const auto options = config::parse(contents("etc/sekisho.installed.toml"), "installed");
  REQUIRE(options.has_value());
  CHECK(options->socket == "inet:8891@127.0.0.1");
  CHECK(options->user == "sekisho");
  const std::string text = contents("etc/sekisho.installed.toml");
  CHECK(std::regex_replace(text, std::regex("(#[^\n]*)?\n"), "|") ==
        "||||||socket = \"inet:8891@127.0.0.1\"|user = \"sekisho\"|");
}
