#include "mail/ascii.hpp"
#include "preflight/built_in_rules.hpp"
#include "preflight/receivers.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace sekisho::preflight {

namespace {

constexpr std::size_t max_file = 1'048'576;

/// What is wrong first; later faults are not told.
class Problems {
 public:
  explicit Problems(std::string path) : path_(std::move(path)) {}

  void add(const toml::source_region& where, const std::string& what) {
    if (text_.empty()) {
      text_ = path_ + ":" + std::to_string(where.begin.line) + ": " + what;
    }
  }
  void add(const std::string& what) {
    if (text_.empty()) {
      text_ = path_ + ": " + what;
    }
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string path_;
  std::string text_;
};

bool is_printable(std::string_view text) {
  return std::ranges::none_of(text,
                              [](char c) { return mail::is_control(c) || mail::is_eight_bit(c); });
}

/// One table of the file. Every key must be asked for.
class Table {
 public:
  Table(const toml::table& table, Problems& problems) : table_(&table), problems_(&problems) {}

  std::string text(std::string_view key, bool is_required = false) {
    known_.emplace_back(key);
    const toml::node* node = table_->get(key);
    const auto* text = node == nullptr ? nullptr : node->as_string();
    if (text != nullptr && is_printable(text->get())) {
      return text->get();
    }
    if (node != nullptr || is_required) {
      problems_->add(node == nullptr ? table_->source() : node->source(),
                     std::string(key) + ": a text in US-ASCII is expected");
    }
    return {};
  }
  /// Digits and dots alone, or nothing.
  std::string code(std::string_view key) {
    std::string value = text(key);
    if (std::ranges::any_of(value, [](char c) { return !mail::is_digit(c) && c != '.'; })) {
      problems_->add(table_->source(), std::string(key) + ": a reply code is expected");
    }
    return value;
  }
  std::size_t number(std::string_view key) {
    known_.emplace_back(key);
    const toml::node* node = table_->get(key);
    const auto* number = node == nullptr ? nullptr : node->as_integer();
    if (node != nullptr && (number == nullptr || number->get() < 0)) {
      problems_->add(node->source(), std::string(key) + ": a number is expected");
      return 0;
    }
    return number == nullptr ? 0 : static_cast<std::size_t>(number->get());
  }
  bool flag(std::string_view key, bool otherwise) {
    known_.emplace_back(key);
    const toml::node* node = table_->get(key);
    const auto* flag = node == nullptr ? nullptr : node->as_boolean();
    if (node != nullptr && flag == nullptr) {
      problems_->add(node->source(), std::string(key) + ": true or false is expected");
    }
    return flag == nullptr ? otherwise : flag->get();
  }
  std::vector<mail::Domain> domains(std::string_view key) {
    known_.emplace_back(key);
    std::vector<mail::Domain> domains;
    const toml::node* node = table_->get(key);
    const auto* array = node == nullptr ? nullptr : node->as_array();
    if (node != nullptr && array == nullptr) {
      problems_->add(node->source(), std::string(key) + ": a list of domains is expected");
    }
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      const auto* text = array->get(i)->as_string();
      auto domain = text == nullptr ? std::nullopt : mail::Domain::parse(text->get());
      if (domain) {
        domains.push_back(*std::move(domain));
      } else {
        problems_->add(node->source(), std::string(key) + ": not a domain");
      }
    }
    return domains;
  }
  void complain(const std::string& what) { problems_->add(table_->source(), what); }
  void refuse_unknown() {
    for (const auto& [key, value] : *table_) {
      if (std::ranges::find(known_, key.str()) == known_.end()) {
        problems_->add(value.source(), "unknown key " + printable(key.str()));
      }
    }
  }

 private:
  const toml::table* table_;
  Problems* problems_;
  std::vector<std::string> known_;
};

Receiver read_receiver(Table table) {
  Receiver receiver;
  receiver.name = table.text("name", true);
  receiver.domains = table.domains("domains");
  receiver.mx = table.domains("mx");
  receiver.bulk_limit = table.number("bulk_limit");
  receiver.max_octets = table.number("max_octets");
  table.refuse_unknown();
  return receiver;
}

ReceiverRule read_rule(Table table, const ReceiverRules& rules) {
  ReceiverRule rule;
  rule.receiver = table.text("receiver", true);
  const auto fact = parse_fact(table.text("when", true));
  rule.when = fact.value_or(Fact::auth_none);
  rule.bulk_only = table.flag("bulk", false);
  rule.code = table.code("code");
  rule.enhanced = table.code("enhanced");
  rule.temporary_code = table.code("temporary_code");
  rule.temporary_enhanced = table.code("temporary_enhanced");
  rule.text = table.text("text", true);
  rule.since = table.text("since");
  rule.source = table.text("source", true);
  rule.date = table.text("date", true);
  rule.verified = table.flag("verified", true);
  table.refuse_unknown();
  if (!fact) {
    table.complain("when: not a known condition");
  }
  if (rules.find(rule.receiver) == nullptr) {
    table.complain("receiver: no [[receiver]] has this name");
  }
  return rule;
}

/// The entries of `[[key]]`.
std::vector<const toml::table*> entries(const toml::table& document, std::string_view key,
                                        Problems& problems) {
  std::vector<const toml::table*> tables;
  const toml::node* node = document.get(key);
  const auto* array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr) {
    problems.add("[[" + std::string(key) + "]] is missing");
    return tables;
  }
  for (const toml::node& entry : *array) {
    if (const auto* table = entry.as_table()) {
      tables.push_back(table);
    } else {
      problems.add(entry.source(), "a table is expected");
    }
  }
  return tables;
}

}  // namespace

std::expected<ReceiverRules, std::string> parse_receiver_rules(std::string_view text,
                                                               const std::string& shown_path) {
  Problems problems(shown_path);
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    problems.add(parsed.error().source(), std::string(parsed.error().description()));
    return std::unexpected(problems.text());
  }
  const toml::table& document = parsed.table();
  ReceiverRules rules;
  Table top(document, problems);
  rules.date = top.text("rules_date", true);
  rules.freemail = top.domains("freemail");
  for (const toml::table* table : entries(document, "receiver", problems)) {
    rules.receivers.push_back(read_receiver(Table(*table, problems)));
  }
  for (const toml::table* table : entries(document, "rule", problems)) {
    rules.rules.push_back(read_rule(Table(*table, problems), rules));
  }
  if (!problems.text().empty()) {
    return std::unexpected(problems.text());
  }
  return rules;
}

std::expected<ReceiverRules, std::string> load_receiver_rules(const std::string& path) {
  const std::string file_name = path.empty() ? SEKISHO_RECEIVERS_FILE : path;
  std::ifstream file(file_name, std::ios::binary);
  if (!file && path.empty()) {
    return parse_receiver_rules(built_in_rules, "built-in rules");
  }
  std::string text(max_file + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (!file.eof() || file.bad() || text.size() > max_file) {
    return std::unexpected(file_name + ": cannot be read");
  }
  return parse_receiver_rules(text, file_name);
}

}  // namespace sekisho::preflight
