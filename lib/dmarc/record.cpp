#include "dmarc/record.hpp"

#include "dmarc/report_uri.hpp"
#include "dmarc/split.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sekisho::dmarc {

namespace {

using mail::equals_ignoring_case;

struct Tag {
  std::string_view name;
  std::string_view value;
};

// dmarc-tag = 1*ALPHA equals 1*dmarc-value         (RFC 9989 §4.8)
std::optional<Tag> read_tag(std::string_view text) {
  if (!text.contains('=')) {
    return std::nullopt;
  }
  const std::string_view name = mail::trimmed(take_until(text, '='));
  if (name.empty() || !std::ranges::all_of(name, mail::is_alpha)) {
    return std::nullopt;
  }
  return Tag{name, mail::trimmed(text)};
}

// dmarc-version = "v" equals %s"DMARC1"
bool is_version(std::string_view text) {
  const std::optional<Tag> tag = read_tag(text);
  return tag && tag->name.data() == text.data() && equals_ignoring_case(tag->name, "v") &&
         tag->value == "DMARC1";
}

class Tags {
 public:
  // `rest` follows the version. What is no tag is left out: "syntax errors in the remainder of the
  // record MUST be discarded" (RFC 9989 §4.8).
  static std::optional<Tags> parse(std::string_view rest) {
    Tags tags;
    while (!rest.empty()) {
      const std::optional<Tag> tag = read_tag(take_until(rest, ';'));
      if (!tag) {
        continue;
      }
      const bool is_second = equals_ignoring_case(tag->name, "v") || tags.find(tag->name);
      if (is_second || tags.tags_.size() == max_record_tags) {
        return std::nullopt;
      }
      tags.tags_.push_back(*tag);
    }
    return tags;
  }

  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const {
    const auto tag = std::ranges::find_if(
        tags_, [name](const Tag& candidate) { return equals_ignoring_case(candidate.name, name); });
    return tag == tags_.end() ? std::nullopt : std::optional(tag->value);
  }

  // Whether the tag is there with this word as its value.
  [[nodiscard]] bool has(std::string_view name, std::string_view word) const {
    const auto value = find(name);
    return value && equals_ignoring_case(*value, word);
  }

 private:
  std::vector<Tag> tags_;
};

// dmarc-request = "none" / "quarantine" / "reject"
std::optional<Policy> parse_policy(std::string_view value) {
  for (const Policy policy : {Policy::none, Policy::quarantine, Policy::reject}) {
    if (equals_ignoring_case(value, format_policy(policy))) {
      return policy;
    }
  }
  return std::nullopt;
}

// The policy of a tag that is there; one that is wrong is noted.
std::optional<Policy> read_policy(const Tags& tags, std::string_view name, Record& record) {
  const auto value = tags.find(name);
  const auto policy = value ? parse_policy(*value) : std::nullopt;
  if (value && !policy) {
    record.errors.push_back(std::string(name) + "= is neither none, quarantine nor reject");
  }
  return policy;
}

// Gives p=, sp= and np= to the record; false where one is not valid (RFC 9989 §4.10.1).
bool read_policies(const Tags& tags, Specification specification, Record& record) {
  const auto policy = read_policy(tags, "p", record);
  const auto subdomain_policy = read_policy(tags, "sp", record);
  const auto nonexistent_policy =
      specification == Specification::rfc9989 ? read_policy(tags, "np", record) : std::nullopt;
  if (!tags.find("p")) {
    record.errors.emplace_back("p= is missing");
  }
  if (!record.errors.empty()) {
    record.errors.emplace_back("the record is read as p=none alone");
    return false;
  }
  record.policy = *policy;
  record.subdomain_policy = subdomain_policy;
  record.nonexistent_policy = nonexistent_policy;
  return true;
}

void read_aggregate_uris(std::string_view list, Record& record) {
  record.aggregate_uris = parse_report_uris(list);
  const auto members = static_cast<std::size_t>(std::ranges::count(list, ',')) + 1;
  if (!list.empty() && record.aggregate_uris.size() < members) {
    record.errors.push_back("rua= has " + std::to_string(members - record.aggregate_uris.size()) +
                            " that are no valid URIs");
  }
}

AlignmentMode read_alignment(const Tags& tags, std::string_view name) {
  return tags.has(name, "s") ? AlignmentMode::strict : AlignmentMode::relaxed;
}

PublicSuffixDomain read_psd(const Tags& tags) {
  if (tags.has("psd", "y")) {
    return PublicSuffixDomain::yes;
  }
  return tags.has("psd", "n") ? PublicSuffixDomain::no : PublicSuffixDomain::unknown;
}

// The words of a list with colons, lower case, joined again; nullopt where one has not `form`.
template <typename Form>
std::optional<std::string> read_list(std::string_view value, Form form) {
  if (value.ends_with(':')) {
    return std::nullopt;
  }
  std::string list;
  do {
    const std::string_view word = mail::trimmed(take_until(value, ':'));
    if (!form(word)) {
      return std::nullopt;
    }
    list += list.empty() ? "" : ":";
    list += mail::to_lower(word);
  } while (!value.empty());
  return list;
}

// dmarc-fo: "0", "1", "d", "s", each at most once; RFC 9989 has "0" and "1" exclude each other.
std::string read_failure_options(const Tags& tags, Specification specification) {
  const auto value = tags.find("fo");
  if (!value || !tags.find("ruf")) {
    return "0";  // RFC 9989 §4.7: ignored without ruf=
  }
  std::string seen;
  const auto is_new_option = [&seen](std::string_view word) {
    const char option = word.size() == 1 ? mail::to_lower(word.front()) : ' ';
    if (!std::string_view("01ds").contains(option) || seen.contains(option)) {
      return false;
    }
    seen += option;
    return true;
  };
  const auto options = read_list(*value, is_new_option);
  const bool contradiction = seen.contains('0') && seen.contains('1');
  if (!options || (contradiction && specification == Specification::rfc9989)) {
    return "0";
  }
  return *options;
}

template <typename Number>
Number read_number(const Tags& tags, std::string_view name, Number limit, Number otherwise) {
  const std::string_view digits = tags.find(name).value_or("");
  Number number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool valid = error == std::errc{} && end == digits.data() + digits.size();
  return valid && number <= limit ? number : otherwise;
}

// "Keyword" of RFC 5321 §4.1.2, for rf=.
bool is_keyword(std::string_view word) {
  return !word.empty() && word.front() != '-' && word.back() != '-' &&
         std::ranges::all_of(word, [](char c) { return mail::is_alphanumeric(c) || c == '-'; });
}

void read_tags_of_9989(const Tags& tags, Record& record) {
  record.psd = read_psd(tags);
  record.testing = tags.has("t", "y");
}

void read_tags_of_7489(const Tags& tags, Record& record) {
  const Record defaults;
  record.percent = read_number<std::uint8_t>(tags, "pct", 100, defaults.percent);
  record.report_interval =
      read_number<std::uint32_t>(tags, "ri", UINT32_MAX, defaults.report_interval);
  if (const auto formats = tags.find("rf")) {
    record.failure_formats = read_list(*formats, is_keyword).value_or(defaults.failure_formats);
  }
}

}  // namespace

std::string_view format_policy(Policy policy) {
  switch (policy) {
    case Policy::none:
      return "none";
    case Policy::quarantine:
      return "quarantine";
    case Policy::reject:
      return "reject";
  }
  std::unreachable();
}

std::string_view format_record_error(RecordError error) {
  switch (error) {
    case RecordError::not_dmarc:
      return "does not begin with v=DMARC1";
    case RecordError::syntax:
      return "has a tag twice, or too many tags";
  }
  std::unreachable();
}

std::expected<Record, RecordError> parse_record(std::string_view text,
                                                Specification specification) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);  // npos + 1 is 0
  std::string_view rest = text;
  if (!is_version(take_until(rest, ';'))) {
    return std::unexpected(RecordError::not_dmarc);
  }
  const std::optional<Tags> tags = Tags::parse(rest);
  if (!tags) {
    return std::unexpected(RecordError::syntax);
  }
  Record record;
  record.text = text;
  record.dkim_alignment = read_alignment(*tags, "adkim");
  record.spf_alignment = read_alignment(*tags, "aspf");
  record.failure_uris = parse_report_uris(tags->find("ruf").value_or(""));
  record.failure_options = read_failure_options(*tags, specification);
  const bool has_policies = read_policies(*tags, specification, record);
  read_aggregate_uris(tags->find("rua").value_or(""), record);
  record.usable = has_policies || !record.aggregate_uris.empty();
  switch (specification) {
    case Specification::rfc9989:
      read_tags_of_9989(*tags, record);
      break;
    case Specification::rfc7489:
      read_tags_of_7489(*tags, record);
      break;
  }
  return record;
}

}  // namespace sekisho::dmarc
