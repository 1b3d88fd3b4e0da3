#include "config/reader.hpp"

#include "config/duplicate.hpp"
#include "config/option_table.hpp"
#include "config/suggestion.hpp"
#include "config/unquoted_text.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace sekisho::config {

namespace {

/// One `key = value` of a file, the key with its table.
struct Entry {
  std::string key;
  std::size_t line = 0;
  Value value;
};

Value as_list(const toml::array& array) {
  std::vector<std::string> texts;
  for (const toml::node& element : array) {
    const auto* text = element.as_string();
    if (text == nullptr) {
      return Unusable{"a list of other things than strings"};
    }
    texts.push_back(text->get());
  }
  return texts;
}

Value as_value(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) {
    return flag->get();
  }
  if (const auto* number = node.as_integer()) {
    return number->get();
  }
  if (const auto* text = node.as_string()) {
    return text->get();
  }
  if (const auto* array = node.as_array()) {
    return as_list(*array);
  }
  return Unusable{node.is_floating_point() ? "a number with a point" : "a date or time"};
}

/// A problem, and the line that has it.
struct Located {
  Place place;
  std::string message;

  auto operator<=>(const Located&) const = default;
};

/// Applies parsed files to Options, one after the other, and gathers what is wrong.
class Reader {
 public:
  Reader() : table_(option_table()) {
    for (const Option& option : table_) {
      names_.push_back(option.name);
      if (const std::size_t dot = option.name.find('.'); dot != std::string::npos) {
        sections_.insert(option.name.substr(0, dot));
      }
    }
  }

  /// `file` is the number of the document's file, from 0.
  void read(const toml::table& document, std::size_t file) {
    file_ = file;
    for (const auto& [key, node] : document) {
      const std::size_t line = key.source().begin.line;
      const std::string name(key.str());
      const toml::table* section = node.as_table();
      const ListSection* list = find_list_section(name);
      if (list != nullptr && node.is_array_of_tables()) {
        read_list(*list, *node.as_array());
      } else if (list != nullptr) {
        problem(line, name, "is one table or value", "tables headed [[" + name + "]]");
      } else if (section == nullptr) {
        read_entry({name, line, as_value(node)});
      } else if (is_section(name)) {
        read_section(name, *section);
      } else if (is_option(name)) {
        read_entry({name, line, Unusable{"a table"}});
      } else {
        read_unknown_section(name, line);
      }
    }
  }

  /// Bounds of one option by another.
  void check_order(const std::string& smaller, const std::string& larger, bool in_order) {
    if (in_order) {
      return;
    }
    const std::string& name = places_.contains(smaller) ? smaller : larger;
    const std::string& other = name == smaller ? larger : smaller;
    problem(places_[name], name,
            "is " + value_of(name) + (name == smaller ? ", above " : ", below ") + other,
            (name == smaller ? "no more than " : "no less than ") + value_of(other));
  }

  /// An option that another one needs.
  void check_given(const std::string& name, bool is_given, const std::string& needed_by) {
    if (!is_given) {
      problem(places_[needed_by], name, "missing",
              "a value, since " + needed_by + " is " + value_of(needed_by));
    }
  }

  [[nodiscard]] const Options& options() const { return options_; }
  std::vector<Located> take_problems() { return std::move(problems_); }
  [[nodiscard]] Document take_document() && {
    return {std::move(options_), std::move(places_), {}};
  }

 private:
  /// "rule.client" as "rule[2].client", in the second table.
  [[nodiscard]] std::string with_entry(std::string name) const {
    return entry_.empty() ? name : name.insert(name.find('.'), entry_);
  }

  [[nodiscard]] bool is_section(const std::string& name) const { return sections_.contains(name); }
  [[nodiscard]] bool is_option(const std::string& name) const {
    return std::ranges::find(names_, name) != names_.end();
  }

  void read_list(const ListSection& list, const toml::array& entries) {
    for (const toml::node& entry : entries) {
      list.resize(options_, list.count(options_) + 1);
      entry_ = "[" + std::to_string(list.count(options_)) + "]";
      const std::size_t problems_before = problems_.size();
      read_section(list.name, *entry.as_table());
      if (problems_.size() == problems_before) {
        check_entry(list, entry.source().begin.line);
      }
      entry_.clear();
    }
  }

  void check_entry(const ListSection& list, std::size_t line) {
    for (const std::string& name : list.needed) {
      if (value_of(name) == R"("")") {
        problem(line, name, "missing", "in every [[" + list.name + "]] table");
      }
    }
    if (list.name == "rule" && !policy::has_condition(options_.policy.rules.back())) {
      problem(line, list.name, "has no condition", "one at least, such as rule.client");
    }
  }

  void read_section(const std::string& section, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string name = section + "." + std::string(key.str());
      const Value value = node.is_table() ? Value{Unusable{"a table"}} : as_value(node);
      read_entry({name, key.source().begin.line, value});
    }
  }

  void read_entry(const Entry& entry) {
    const auto option = std::ranges::find(table_, entry.key, &Option::name);
    if (option == table_.end()) {
      read_unknown(entry);
      return;
    }
    places_[with_entry(entry.key)] = {file_, entry.line};
    if (const auto mismatch = option->read(options_, entry.value)) {
      problem(entry.line, entry.key, mismatch->what, mismatch->expected);
    }
  }

  void read_unknown(const Entry& entry) {
    if (is_section(entry.key)) {
      problem(entry.line, entry.key, describe(entry.value), "a table, [" + entry.key + "]");
      return;
    }
    const std::string meant = suggest(entry.key, names_);
    problem(entry.line, entry.key, "no such option",
            meant.empty() ? "one that sekisho.toml(5) lists" : meant + " perhaps");
  }

  void read_unknown_section(const std::string& section, std::size_t line) {
    const std::vector<std::string> known(sections_.begin(), sections_.end());
    const std::string meant = suggest(section, known);
    problem(line, "[" + section + "]", "no such table",
            meant.empty() ? "one that sekisho.toml(5) lists" : "[" + meant + "] perhaps");
  }

  [[nodiscard]] std::string value_of(const std::string& name) const {
    return std::ranges::find(table_, name, &Option::name)->write(options_);
  }

  void problem(std::size_t line, const std::string& key, const std::string& what,
               const std::string& expected) {
    problem(Place{file_, line}, key, what, expected);
  }
  void problem(const Place& place, const std::string& key, const std::string& what,
               const std::string& expected) {
    problems_.push_back({place, key + ": " + what + "; expected " + expected});
  }

  std::vector<Option> table_;
  std::vector<std::string> names_;
  std::set<std::string> sections_;
  std::map<std::string, Place> places_;  // where an option was set
  std::size_t file_ = 0;                 // which file is being read
  std::string entry_;                    // which table of a list is being read
  Options options_;
  std::vector<Located> problems_;
};

void check_orders(Reader& reader) {
  const Options& o = reader.options();
  reader.check_order("dns.cache_min_ttl", "dns.cache_max_ttl",
                     o.dns.cache_min_ttl <= o.dns.cache_max_ttl);
  reader.check_order("dkim.min_rsa_bits", "dkim.max_rsa_bits",
                     o.dkim.min_rsa_bits <= o.dkim.max_rsa_bits);
}

void check_seal(Reader& reader) {
  const checkpoint::ArcOptions& arc = reader.options().arc;
  if (arc.seal == checkpoint::Seal::never) {
    return;
  }
  reader.check_given("arc.domain", !arc.domain.empty(), "arc.seal");
  reader.check_given("arc.selector", !arc.selector.empty(), "arc.seal");
  reader.check_given("arc.key_file", !arc.key_file.empty(), "arc.seal");
}

std::vector<Problem> in_file_order(std::vector<Located> located,
                                   std::span<const SourceFile> files) {
  std::ranges::sort(located);
  std::vector<Problem> problems;
  problems.reserve(located.size());
  for (const Located& one : located) {
    problems.push_back(
        {files[one.place.file].path + ":" + std::to_string(one.place.line) + ": " + one.message});
  }
  return problems;
}

std::string describe_duplicate(const Duplicate& duplicate) {
  const std::string line = "line " + std::to_string(duplicate.first);
  if (!duplicate.is_table) {
    return duplicate.name + ": is set in " + line + ", too; expected one of the two lines";
  }
  const std::string& table = duplicate.table;
  return duplicate.name + ": the file has this table in " + line + " already; expected " +
         (find_list_section(table) != nullptr ? "[[" + table + "]], which may stand several times"
                                              : "its options below that line");
}

std::string describe_error(const toml::parse_error& error, std::string_view text) {
  if (const auto duplicate = find_duplicate(text, error.source().begin.line)) {
    return describe_duplicate(*duplicate);
  }
  return "not TOML: " + std::string(error.description()) +
         "; expected lines such as name = \"value\"";
}

/// Reads one of the files; a file that is not TOML is a problem in itself.
std::optional<Located> read_file(Reader& reader, const SourceFile& file, std::size_t number) {
  if (const auto line = find_unquoted_non_ascii(file.text)) {
    return Located{{number, *line},
                   "not TOML: a character that is not ASCII; expected it in quotes"};
  }
  const toml::parse_result document = toml::parse(file.text, file.path);
  if (!document) {
    return Located{{number, document.error().source().begin.line},
                   describe_error(document.error(), file.text)};
  }
  reader.read(document.table(), number);
  return std::nullopt;
}

}  // namespace

const std::vector<ListSection>& list_sections() {
  static const std::vector<ListSection> sections{
      {"sign",
       {"sign.domain", "sign.selector", "sign.key_file"},
       [](const Options& options) { return options.signing.keys.entries.size(); },
       [](Options& options, std::size_t count) { options.signing.keys.entries.resize(count); }},
      {"rule",
       {"rule.action"},
       [](const Options& options) { return options.policy.rules.size(); },
       [](Options& options, std::size_t count) { options.policy.rules.resize(count); }}};
  return sections;
}

const ListSection* find_list_section(std::string_view name) {
  const auto found = std::ranges::find(list_sections(), name, &ListSection::name);
  return found == list_sections().end() ? nullptr : &*found;
}

std::string Document::where(const std::string& name) const {
  const auto place = places.find(name);
  return place == places.end()
             ? files.front() + ": "
             : files[place->second.file] + ":" + std::to_string(place->second.line) + ": ";
}

std::expected<Document, std::vector<Problem>> read_document(std::span<const SourceFile> files) {
  Reader reader;
  std::vector<Located> problems;
  for (std::size_t number = 0; number < files.size(); ++number) {
    if (auto problem = read_file(reader, files[number], number)) {
      problems.push_back(*std::move(problem));
    }
  }
  if (problems.empty()) {  // otherwise what seems to be missing may be in such a file
    check_orders(reader);
    check_seal(reader);
  }
  std::ranges::move(reader.take_problems(), std::back_inserter(problems));
  if (!problems.empty()) {
    return std::unexpected(in_file_order(std::move(problems), files));
  }
  Document document = std::move(reader).take_document();
  for (const SourceFile& file : files) {
    document.files.push_back(file.path);
  }
  return document;
}

}  // namespace sekisho::config
