#include "config/load.hpp"

#include "config/option_table.hpp"
#include "config/reader.hpp"
#include "config/source_files.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace sekisho::config {

namespace {

template <typename Set>
void read_condition(policy::Condition<Set>& condition, const std::string& where,
                    std::vector<Problem>& problems) {
  if (const auto read = condition.read_files(); !read) {
    problems.push_back({where + read.error()});
  }
}

std::vector<Problem> read_rule_files(Document& document) {
  std::vector<Problem> problems;
  std::size_t number = 0;
  for (policy::Rule& rule : document.options.policy.rules) {
    const std::string place = "rule[" + std::to_string(++number) + "]";
    const auto read = [&](auto& condition, const char* name) {
      read_condition(condition, document.where(place + "." + name) + "rule." + name + ": ",
                     problems);
    };
    read(rule.client, "client");
    read(rule.client_name, "client_name");
    read(rule.helo, "helo");
    read(rule.sender, "sender");
    read(rule.recipient, "recipient");
    read(rule.author, "author");
    read(rule.login, "login");
    read(rule.list_id, "list_id");
    read(rule.arc_sealer, "arc_sealer");
  }
  return problems;
}

Setting setting_of(const Option& option, const std::string& name, const Document& document,
                   const Options& options) {
  Setting setting{.name = name,
                  .value = option.show ? option.show(options) : option.write(options)};
  if (const auto place = document.places.find(name); place != document.places.end()) {
    setting.file = document.files[place->second.file];
    setting.line = place->second.line;
  }
  return setting;
}

/// What the entries of a list set, one after the other; what they leave at its default is left out.
void add_entries(const ListSection& list, const Document& document,
                 std::vector<Setting>& settings) {
  for (std::size_t number = 1; number <= list.count(document.options); ++number) {
    Options up_to = document.options;
    list.resize(up_to, number);
    for (const Option& option : option_table()) {
      if (!option.name.starts_with(list.name + ".")) {
        continue;
      }
      const std::string name =
          list.name + "[" + std::to_string(number) + "]" + option.name.substr(list.name.size());
      const Setting setting = setting_of(option, name, document, up_to);
      if (setting.line != 0) {
        settings.push_back(setting);
      }
    }
  }
}

std::vector<Problem> as_problems(const std::vector<std::string>& messages) {
  std::vector<Problem> problems;
  problems.reserve(messages.size());
  for (const std::string& message : messages) {
    problems.push_back({message});
  }
  return problems;
}

/// A mail server may refuse a short name in EHLO, as the kernel often has it.
void complete_reports(Options& options) {
  if (options.report.smtp.helo.empty() && options.authserv_id.contains('.') &&
      mail::Domain::parse(options.authserv_id)) {
    options.report.smtp.helo = options.authserv_id;
  }
}

bool judges_submissions(const Options& options) {
  return options.preflight.mode != preflight::Mode::off ||
         std::ranges::any_of(options.policy.rules, [](const policy::Rule& rule) {
           return rule.preflight == policy::Preflight::note ||
                  rule.preflight == policy::Preflight::refuse;
         });
}

// Receivers offer one-click unsubscription only where both are signed (RFC 8058 §4).
void sign_unsubscription(dkim::SignOptions& signature) {
  for (const char* name : {"List-Unsubscribe", "List-Unsubscribe-Post"}) {
    if (std::ranges::find(signature.always_signed, name) == signature.always_signed.end()) {
      signature.always_signed.emplace_back(name);
    }
  }
}

std::expected<Document, std::vector<Problem>> load_document(const std::string& path) {
  const auto files = read_source_files(path);
  if (!files) {
    return std::unexpected(as_problems(files.error()));
  }
  auto document = read_document(*files);
  if (!document) {
    return std::unexpected(std::move(document).error());
  }
  Options* options = &document->options;
  if (const auto loaded = dmarc::load_public_suffixes(options->dmarc); !loaded) {
    const std::string name = "dmarc.public_suffix_list";
    return std::unexpected(
        std::vector<Problem>{{document->where(name) + name + ": " + loaded.error()}});
  }
  if (auto problems = read_rule_files(*document); !problems.empty()) {
    return std::unexpected(std::move(problems));
  }
  if (judges_submissions(*options)) {
    if (auto loaded = preflight::load_rules(options->preflight); !loaded) {
      return std::unexpected(std::vector<Problem>{{path + ": preflight: " + loaded.error()}});
    }
  }
  if (preflight::repairs(options->preflight, preflight::Repair::unsubscribe)) {
    sign_unsubscription(options->signing.signature);
  }
  checkpoint::complete(*options);
  complete_reports(*options);
  return document;
}

/// Whether a domain that asks for more gets less.
bool is_turned_around(const policy::Options& policy) {
  return policy.on_reject == policy::OnReject::mark &&
         policy.on_quarantine != policy::Measure::mark;
}

}  // namespace

std::expected<Options, std::vector<Problem>> parse(std::string_view text,
                                                   const std::string& shown_path) {
  const std::array files{SourceFile{shown_path, std::string(text)}};
  auto document = read_document(files);
  if (!document) {
    return std::unexpected(std::move(document).error());
  }
  return std::move(document->options);
}

std::expected<Options, std::vector<Problem>> load(const std::string& path) {
  auto document = load_document(path);
  if (!document) {
    return std::unexpected(std::move(document).error());
  }
  return std::move(document->options);
}

std::expected<std::vector<Setting>, std::vector<Problem>> load_settings(const std::string& path) {
  auto document = load_document(path);
  if (!document) {
    return std::unexpected(std::move(document).error());
  }
  std::vector<Setting> settings;
  for (const Option& option : option_table()) {
    if (find_list_section(option.name.substr(0, option.name.find('.'))) == nullptr) {
      settings.push_back(setting_of(option, option.name, *document, document->options));
    }
  }
  for (const ListSection& list : list_sections()) {
    add_entries(list, *document, settings);
  }
  return settings;
}

std::vector<std::string> find_doubts(const Options& options) {
  std::vector<std::string> doubts;
  if (is_turned_around(options.policy)) {
    doubts.emplace_back(
        "policy.on_reject = \"mark\" does less for a domain that asks to reject than "
        "policy.on_quarantine does for one that asks to quarantine; set it to \"quarantine\"");
  }
  for (std::size_t i = 0; i < options.policy.rules.size(); ++i) {
    if (policy::accepts_forgeries(options.policy.rules[i])) {
      doubts.push_back(policy::name_of(options.policy.rules, i) +
                       ": accepts what anybody can write; add rule.client, rule.client_name or " +
                       "rule.arc_sealer, or rule.dmarc = [\"pass\"] to rule.author");
    }
  }
  return doubts;
}

std::vector<OptionDescription> describe_options() {
  Options defaults;
  for (const ListSection& list : list_sections()) {
    list.resize(defaults, 1);  // whose members have defaults, too
  }
  std::vector<OptionDescription> descriptions;
  for (const Option& option : option_table()) {
    descriptions.push_back({option.name, option.type, option.write(defaults), option.help});
  }
  return descriptions;
}

}  // namespace sekisho::config
