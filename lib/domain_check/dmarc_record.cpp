#include "domain_check/dmarc_record.hpp"

#include "dmarc/record.hpp"
#include "dmarc/report_uri.hpp"
#include "dmarc/split.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::domain_check {

namespace {

struct Tag {
  std::string name;  // lower case
  std::string value;
};

// Without the version.
struct Tags {
  std::vector<Tag> tags;
  std::vector<std::string> unreadable;

  [[nodiscard]] const Tag* find(std::string_view name) const {
    const auto tag = std::ranges::find(tags, name, &Tag::name);
    return tag == tags.end() ? nullptr : &*tag;
  }
};

Tags split(std::string_view text) {
  Tags split;
  static_cast<void>(dmarc::take_until(text, ';'));
  while (!text.empty() && split.tags.size() < dmarc::max_record_tags) {
    const std::string_view part =
        mail::trimmed<mail::is_folding_white_space>(dmarc::take_until(text, ';'));
    if (part.empty()) {
      continue;
    }
    std::string_view value = part;
    const std::string_view name = mail::trimmed(dmarc::take_until(value, '='));
    if (!part.contains('=') || name.empty() || !std::ranges::all_of(name, mail::is_alpha)) {
      split.unreadable.emplace_back(part);
      continue;
    }
    split.tags.push_back({mail::to_lower(name), std::string(mail::trimmed(value))});
  }
  return split;
}

struct Words {
  std::string_view tag;
  std::vector<std::string_view> words;
  Level level;
};

const std::vector<Words>& words_of_tags() {
  static const std::vector<Words> words{
      {"p", {"none", "quarantine", "reject"}, Level::error},
      {"sp", {"none", "quarantine", "reject"}, Level::error},
      {"np", {"none", "quarantine", "reject"}, Level::error},
      {"adkim", {"r", "s"}, Level::warning},
      {"aspf", {"r", "s"}, Level::warning},
      {"psd", {"y", "n", "u"}, Level::warning},
      {"t", {"y", "n"}, Level::warning},
  };
  return words;
}

std::string with(const std::string& text, std::string_view tag, std::string_view value) {
  std::string changed = "v=DMARC1";
  for (const Tag& other : split(text).tags) {
    if (other.name != tag) {
      changed += "; " + other.name + '=' + other.value;
    }
    if (other.name == "p" && !value.empty()) {
      changed += "; " + std::string(tag) + '=' + std::string(value);
    }
  }
  return changed;
}

class Findings {
 public:
  Findings(Examination& examination, const std::string& name, const std::string& text)
      : outcomes_(examination.outcomes), name_(name), text_(text), tags_(split(text)) {}

  void find() {
    if (has_duplicates()) {
      return;
    }
    syntax();
    report_addresses();
    removed();
    if (const auto record = dmarc::parse_record(text_)) {
      strength(*record);
    }
  }

 private:
  bool has_duplicates() {
    for (std::size_t i = 0; i < tags_.tags.size(); ++i) {
      const auto& name = tags_.tags[i].name;
      const auto earlier = tags_.tags.begin() + static_cast<std::ptrdiff_t>(i);
      if (name == "v" || std::ranges::count(tags_.tags.begin(), earlier, name, &Tag::name) > 0) {
        outcomes_.bad(Check::dmarc_duplicate_tag, name_, shown(name) + "= occurs twice");
        return true;
      }
    }
    return false;
  }

  void syntax() {
    for (const std::string& part : tags_.unreadable) {
      outcomes_.bad(Check::dmarc_syntax, name_, '"' + shown(part) + "\" is no tag");
    }
    for (const Words& words : words_of_tags()) {
      const Tag* tag = tags_.find(words.tag);
      const bool is_known =
          tag == nullptr || std::ranges::any_of(words.words, [&](std::string_view word) {
            return mail::equals_ignoring_case(word, tag->value);
          });
      if (!is_known) {
        outcomes_.bad(Check::dmarc_syntax, name_, shown(tag->name + '=' + tag->value)).level =
            words.level;
      }
    }
    if (tags_.find("p") == nullptr) {
      outcomes_.bad(Check::dmarc_syntax, name_, "p= is missing").level = Level::warning;
    }
    if (!outcomes_.has(Check::dmarc_syntax)) {
      outcomes_.good(Check::dmarc_syntax, name_);
    }
  }

  void report_addresses() {
    for (const std::string_view name : {"rua", "ruf"}) {
      const Tag* tag = tags_.find(name);
      if (tag == nullptr) {
        continue;
      }
      std::string_view list = tag->value;
      do {
        const std::string_view uri = mail::trimmed(dmarc::take_until(list, ','));
        if (!dmarc::is_report_uri(uri)) {
          outcomes_.bad(Check::dmarc_rua_syntax, name_,
                        shown(std::string(name) + "=" + std::string(uri)) + " is no valid URI");
        }
      } while (!list.empty());
    }
  }

  void removed() {
    for (const std::string_view name : {"pct", "rf", "ri"}) {
      if (const Tag* tag = tags_.find(name)) {
        outcomes_.bad(Check::dmarc_removed, name_, shown(tag->name + '=' + tag->value));
      }
    }
    for (const std::string_view name : {"rua", "ruf"}) {
      const Tag* tag = tags_.find(name);
      if (tag != nullptr && tag->value.contains('!')) {
        outcomes_.bad(Check::dmarc_removed, name_, "a size limit in " + tag->name);
      }
    }
  }

  void strength(const dmarc::Record& record) {
    const dmarc::Policy subdomain = record.subdomain_policy.value_or(record.policy);
    const dmarc::Policy nonexistent = record.nonexistent_policy.value_or(subdomain);
    if (subdomain < record.policy) {
      Finding& weaker = outcomes_.bad(Check::dmarc_sp_weaker, name_,
                                      "sp=" + std::string(format_policy(subdomain)) +
                                          ", but p=" + std::string(format_policy(record.policy)));
      weaker.publish = txt_line(name_, with(text_, "sp", format_policy(record.policy)));
    }
    if (record.nonexistent_policy && (nonexistent < subdomain || nonexistent < record.policy)) {
      Finding& weaker = outcomes_.bad(
          Check::dmarc_np, name_,
          "np=" + std::string(format_policy(nonexistent)) + ", which is weaker than sp or p");
      weaker.publish =
          txt_line(name_, with(text_, "np", format_policy(std::max(subdomain, record.policy))));
    }
    if (record.testing) {
      outcomes_.bad(Check::dmarc_testing, name_, "t=y").publish =
          txt_line(name_, with(text_, "t", ""));
    }
  }

  Outcomes& outcomes_;
  const std::string& name_;
  const std::string& text_;
  Tags tags_;
};

}  // namespace

void check_dmarc_record(Examination& examination, const std::string& name,
                        const std::string& text) {
  Findings(examination, name, text).find();
}

}  // namespace sekisho::domain_check
