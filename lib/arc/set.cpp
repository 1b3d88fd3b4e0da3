#include "arc/set.hpp"

#include "mail/ascii.hpp"
#include "mail/tag_list.hpp"

#include <algorithm>

namespace sekisho::arc {

namespace {

struct Part {
  std::string_view name;
  const mail::HeaderField* Set::* place;
};

// In the order in which a seal covers them (RFC 8617 §5.1.1).
constexpr Part parts[] = {
    {"ARC-Authentication-Results", &Set::results},
    {"ARC-Message-Signature", &Set::signature},
    {"ARC-Seal", &Set::seal},
};

// A value up to its first ";" outside of comments, with CFWS turned into single blanks. Nullopt
// where no such ";" follows.
std::optional<std::string> before_semicolon(std::string_view value) {
  std::string text;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (depth == 0 && c == ';') {
      return text;
    }
    const bool is_white = depth > 0 || c == '(' || mail::is_blank(c) || c == '\r' || c == '\n';
    depth += c == '(' ? 1 : 0;
    depth -= depth > 0 && c == ')' ? 1 : 0;
    at += depth > 0 && c == '\\' ? 1 : 0;
    if (!is_white) {
      text += c;
    } else if (!text.ends_with(' ')) {
      text += ' ';
    }
  }
  return std::nullopt;
}

void skip_blank(std::string_view& text) {
  text.remove_prefix(text.starts_with(' ') ? 1 : 0);
}

std::optional<std::size_t> find_instance(const mail::HeaderField& field, const Part& part) {
  if (part.place == &Set::results) {
    return find_results_instance(field.value);
  }
  const auto tags = mail::TagList::parse(field.value);
  const auto position = tags ? tags->find("i") : std::nullopt;
  return position ? parse_position(*position) : std::nullopt;
}

// Takes the field into its set; what is wrong with it, or "".
std::string add(const mail::HeaderField& field, const Part& part, std::size_t max_sets,
                std::vector<Set>& sets) {
  const std::optional<std::size_t> instance = find_instance(field, part);
  if (!instance) {
    return std::string(part.name) + " without a valid instance";
  }
  if (*instance > max_sets) {
    return "more than " + std::to_string(max_sets) + " sets";
  }
  sets.resize(std::max(sets.size(), *instance));
  const mail::HeaderField*& place = sets[*instance - 1].*part.place;
  if (place != nullptr) {
    return "set " + std::to_string(*instance) + " has more than one " + std::string(part.name);
  }
  place = &field;
  return "";
}

std::string find_missing(const std::vector<Set>& sets) {
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (const Part& part : parts) {
      if (sets[i].*part.place == nullptr) {
        return "set " + std::to_string(i + 1) + " has no " + std::string(part.name);
      }
    }
  }
  return "";
}

}  // namespace

std::optional<std::size_t> parse_position(std::string_view text) {
  if (text.empty() || text.size() > 2 || !std::ranges::all_of(text, mail::is_digit)) {
    return std::nullopt;
  }
  std::size_t position = 0;
  for (const char digit : text) {
    position = position * 10 + static_cast<std::size_t>(digit - '0');
  }
  return position >= 1 && position <= max_instance ? std::optional(position) : std::nullopt;
}

// instance = [CFWS] %s"i" [CFWS] "=" [CFWS] position
std::optional<std::size_t> find_results_instance(std::string_view value) {
  const std::optional<std::string> head = before_semicolon(value);
  std::string_view rest = head ? std::string_view(*head) : std::string_view();
  for (const char c : {'i', '='}) {
    skip_blank(rest);
    if (!rest.starts_with(c)) {
      return std::nullopt;
    }
    rest.remove_prefix(1);
  }
  skip_blank(rest);
  rest.remove_suffix(rest.ends_with(' ') ? 1 : 0);
  return parse_position(rest);
}

Sets collect_sets(const mail::HeaderSection& header, std::size_t max_sets) {
  Sets sets;
  for (const mail::HeaderField& field : header) {
    const auto* const part = std::ranges::find_if(
        parts, [&field](const Part& each) { return mail::is_named(field, each.name); });
    if (part == std::end(parts)) {
      continue;
    }
    sets.is_empty = false;
    std::string fault = add(field, *part, max_sets, sets.by_instance);
    if (sets.fault.empty()) {
      sets.fault = std::move(fault);
    }
  }
  if (sets.fault.empty()) {
    sets.fault = find_missing(sets.by_instance);
  }
  return sets;
}

}  // namespace sekisho::arc
