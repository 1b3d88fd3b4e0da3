// Repairs that go through the lines of a body one by one, and those that join lines.
#include "dkim_diagnosis/body_repairs.hpp"
#include "dkim_diagnosis/canonical_body.hpp"
#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

using Edited = std::optional<std::string>;

constexpr std::size_t longest_line = 1'000;

Edited replaced_start(std::string_view line, std::string_view start, std::string_view with) {
  return line.starts_with(start)
             ? Edited(std::string(with) + std::string(line.substr(start.size())))
             : std::nullopt;
}

Edited with_all_replaced(std::string_view line, std::string_view old, std::string_view with) {
  if (!line.contains(old)) {
    return std::nullopt;
  }
  std::string edited;
  for (std::size_t at = 0; at < line.size();) {
    const bool is_old = line.substr(at).starts_with(old);
    edited += is_old ? with : line.substr(at, 1);
    at += is_old ? old.size() : 1;
  }
  return edited;
}

Edited without_quote_of_from(std::string_view line) {
  const std::size_t quotes = line.find_first_not_of('>');
  return quotes != std::string_view::npos && quotes > 0 && line.substr(quotes).starts_with("From ")
             ? Edited(line.substr(1))
             : std::nullopt;
}

Edited without_trailing_blanks(std::string_view line) {
  const std::string_view content = without_line_end(line);
  const std::size_t end = content.find_last_not_of(mail::blanks) + 1;
  return end == content.size() ? std::nullopt
                               : Edited(std::string(content.substr(0, end)) +
                                        std::string(line.substr(content.size())));
}

Edited with_trailing_blank(std::string_view line) {
  const std::string_view content = without_line_end(line);
  return std::string(content) + " " + std::string(line.substr(content.size()));
}

// RFC 3676 §4.3: the line above a signature.
Edited signature_line(std::string_view line) {
  return without_line_end(line) == "--" ? with_trailing_blank(line) : std::nullopt;
}

Edited with_tabs_expanded(std::string_view line, std::size_t width) {
  if (!line.contains('\t')) {
    return std::nullopt;
  }
  std::string edited;
  for (const char c : line) {
    if (c == '\t') {
      edited.append(width - edited.size() % width, ' ');
    } else {
      edited += c;
    }
  }
  return edited;
}

// Runs of spaces that end at a tab stop.
Edited with_tabs_restored(std::string_view line, std::size_t width) {
  std::string edited;
  std::size_t column = 0;
  for (const char c : line) {
    edited += c;
    ++column;
    std::size_t spaces = 0;
    while (spaces < width && spaces < edited.size() && edited[edited.size() - 1 - spaces] == ' ') {
      ++spaces;
    }
    if (column % width == 0 && spaces > 1) {
      edited.resize(edited.size() - spaces);
      edited += '\t';
    }
  }
  return edited == line ? std::nullopt : Edited(std::move(edited));
}

Edited without_extra_return(std::string_view line) {
  return line.ends_with("\r\r\n") ? Edited(std::string(line.substr(0, line.size() - 3)) + "\r\n")
                                  : std::nullopt;
}

Edited with_end(std::string_view line, std::string_view end) {
  return line.ends_with(mail::crlf) ? Edited(std::string(without_line_end(line)) + std::string(end))
                                    : std::nullopt;
}

// RFC 3676 §4.4: space-stuffing.
Edited stuffed(std::string_view line) {
  const bool is_stuffed =
      line.starts_with(' ') || line.starts_with('>') || line.starts_with("From ");
  return is_stuffed ? Edited(" " + std::string(line)) : std::nullopt;
}

bool apply_rule(const BodyView& view, const LineRule& rule, const RepairSink& sink) {
  Repair repair{.id = rule.id};
  std::size_t at = 0;
  for (const std::string_view line : split_lines(view.text)) {
    if (auto edited = rule.edit(line)) {
      repair.splices.push_back({at, at + line.size(), *std::move(edited)});
    }
    at += line.size();
  }
  return !repair.splices.empty() && repair.splices.size() <= max_splices && sink(repair);
}

// What was put where a line was cut: at the end of the line, and at the beginning of the next.
struct Cut {
  std::string_view mark;
  std::string_view indent;
  std::string_view joined;  ///< What stood there before.
};
constexpr Cut cuts[] = {
    {"", " ", ""},   // Postfix, smtp_line_length_limit
    {"!", " ", ""},  // Sendmail
    {"!", "", ""},  {"", "", ""}, {"", "", " "}, {"", "\t", ""}, {"=", "", ""}, {"", " ", " "},
};

Repair join_lines(const std::vector<std::string_view>& lines, const Cut& cut,
                  const std::function<bool(std::size_t)>& is_cut) {
  Repair repair{.id = ChangeId::body_wrap};
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const std::string_view line = without_line_end(lines[i]);
    const std::size_t next = at + lines[i].size();
    if (is_cut(i) && line.ends_with(cut.mark) && lines[i + 1].starts_with(cut.indent) &&
        lines[i + 1] != mail::crlf) {
      repair.splices.push_back(
          {at + line.size() - cut.mark.size(), next + cut.indent.size(), std::string(cut.joined)});
    }
    at = next;
  }
  return repair;
}

// The lengths at which lines may have been cut: those of long lines, the most frequent first.
std::vector<std::size_t> find_limits(const std::vector<std::string_view>& lines) {
  constexpr std::size_t least = 60;
  constexpr std::size_t most_limits = 6;
  std::map<std::size_t, std::size_t> counts;
  for (const std::string_view line : lines) {
    const std::size_t length = without_line_end(line).size();
    if (length >= least) {
      ++counts[length];
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> ranked;  // long ones count for more
  for (const auto& [length, count] : counts) {
    ranked.emplace_back(length > 200 ? count * 1'000 + length : count, length);
  }
  std::ranges::sort(ranked, std::greater());
  std::vector<std::size_t> limits;
  for (std::size_t i = 0; i < std::min(most_limits, ranked.size()); ++i) {
    limits.push_back(ranked[i].second);
  }
  if (!counts.empty() && std::ranges::count(limits, counts.rbegin()->first) == 0) {
    limits.push_back(counts.rbegin()->first);
  }
  return limits;
}

// No line end stands between the end of one splice and the beginning of the next.
bool are_neighbours(const std::vector<std::string_view>& lines, const Splice& first,
                    const Splice& second) {
  const char* const text = lines.front().data();  // all lines are parts of one text
  return !std::string_view(text + first.end, second.begin - first.end).contains(mail::crlf);
}

std::size_t first_word(std::string_view line) {
  return std::min(line.find_first_of(" \t\r\n"), line.size());
}

// Joins that follow one another, without those of other paragraphs.
bool unwrap_one_paragraph(const std::vector<std::string_view>& lines, const Repair& all,
                          const RepairSink& sink) {
  constexpr std::size_t most_paragraphs = 200;
  Repair one{.id = all.id};
  std::size_t paragraphs = 0;
  for (std::size_t i = 0; i < all.splices.size() && paragraphs < most_paragraphs; ++i) {
    one.splices.push_back(all.splices[i]);
    const bool is_last =
        i + 1 == all.splices.size() || all.splices[i + 1].begin > all.splices[i].end + longest_line;
    if (is_last || !are_neighbours(lines, all.splices[i], all.splices[i + 1])) {
      ++paragraphs;
      if (one.splices.size() < all.splices.size() && sink(one)) {
        return true;
      }
      one.splices.clear();
    }
  }
  return false;
}

bool unwrap_words(const std::vector<std::string_view>& lines, const RepairSink& sink) {
  for (const std::size_t limit :
       {76U, 78U, 72U, 80U, 79U, 77U, 75U, 74U, 70U, 68U, 65U, 998U, 990U}) {
    const auto is_cut = [&](std::size_t i) {
      const std::size_t length = without_line_end(lines[i]).size();
      return length > 0 && length <= limit && length + 1 + first_word(lines[i + 1]) > limit;
    };
    const Repair repair = join_lines(lines, {"", "", " "}, is_cut);
    if (!repair.splices.empty() && repair.splices.size() <= max_splices &&
        (sink(repair) || unwrap_one_paragraph(lines, repair, sink))) {
      return true;
    }
  }
  return false;
}

}  // namespace

const std::vector<LineRule>& line_rules() {
  using Line = std::string_view;
  static const std::vector<LineRule> rules = {
      {ChangeId::body_from, false, without_quote_of_from},
      {ChangeId::body_from, false, [](Line l) { return replaced_start(l, "From ", ">From "); }},
      {ChangeId::body_dots, false, [](Line l) { return replaced_start(l, "..", "."); }},
      {ChangeId::body_dots, false, [](Line l) { return replaced_start(l, ".", ".."); }},
      {ChangeId::body_dots, true, [](Line l) { return Edited("." + std::string(l)); }},
      {ChangeId::body_blanks, false, signature_line},
      {ChangeId::body_blanks, false, without_trailing_blanks},
      {ChangeId::body_blanks, true, with_trailing_blank},
      {ChangeId::body_blanks, false, [](Line l) { return with_tabs_expanded(l, 8); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_tabs_expanded(l, 4); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_tabs_restored(l, 8); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_tabs_restored(l, 4); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_all_replaced(l, "\t", " "); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_all_replaced(l, "        ", "\t"); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_all_replaced(l, "    ", "\t"); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_all_replaced(l, "\xc2\xa0", " "); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_all_replaced(l, "\xa0", " "); }},
      {ChangeId::body_blanks, false, [](Line l) { return with_all_replaced(l, "=A0", "=20"); }},
      {ChangeId::body_blanks, true, [](Line l) { return with_all_replaced(l, " ", "\xc2\xa0"); }},
      {ChangeId::body_blanks, true, [](Line l) { return with_all_replaced(l, "  ", " "); }},
      {ChangeId::body_blanks, true, [](Line l) { return with_all_replaced(l, " ", "\t"); }},
      {ChangeId::body_ends, false, without_extra_return},
      {ChangeId::body_ends, false, [](Line l) { return with_end(l, "\n"); }},
      {ChangeId::body_ends, false, [](Line l) { return with_end(l, "\r"); }},
      {ChangeId::body_ends, false, [](Line l) { return with_end(l, "\r\r\n"); }},
      {ChangeId::body_ends, false, [](Line l) { return with_end(l, "\r\n\r\n"); }},
      {ChangeId::body_ends, false,
       [](Line l) {
         return with_all_replaced(without_line_end(l), "\r", "\r\n").transform([l](std::string s) {
           return s + std::string(l.substr(without_line_end(l).size()));
         });
       }},
      {ChangeId::body_ends, false, [](Line l) { return replaced_start(l, " ", ""); }},
      {ChangeId::body_ends, false, stuffed},
      {ChangeId::body_ends, true, [](Line l) { return with_end(l, ""); }},
      {ChangeId::body_ends, true, [](Line l) { return with_end(l, " "); }},
  };
  return rules;
}

bool repair_lines(const BodyView& view, const RepairSink& sink) {
  return std::ranges::any_of(line_rules(), [&](const LineRule& rule) {
    return !rule.only_alone && apply_rule(view, rule, sink);
  });
}

bool repair_wrapping(const BodyView& view, const RepairSink& sink) {
  const std::vector<std::string_view> lines = split_lines(view.text);
  for (const std::size_t limit : find_limits(lines)) {
    for (const Cut& cut : cuts) {
      const auto is_cut = [&](std::size_t i) {
        const std::size_t length = without_line_end(lines[i]).size();
        // The next piece may be longer by its indent.
        return length == limit ||
               (length == limit + cut.indent.size() && lines[i].starts_with(cut.indent));
      };
      const Repair repair = join_lines(lines, cut, is_cut);
      if (!repair.splices.empty() && repair.splices.size() <= max_splices && sink(repair)) {
        return true;
      }
    }
  }
  return unwrap_words(lines, sink);
}

}  // namespace sekisho::dkim_diagnosis
