#include "dkim_diagnosis/body_repairs.hpp"

#include "dkim_diagnosis/canonical_body.hpp"
#include "dkim_diagnosis/content_coding.hpp"
#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_tail_lines = 32;
constexpr std::size_t max_removals = 400;
constexpr std::size_t max_tail_parts = 8;
constexpr std::size_t max_part = std::size_t{2} * 1024 * 1024;

using Range = std::pair<std::size_t, std::size_t>;

// Where the last `count` lines of a text begin, the nearest to `end` first.
std::vector<std::size_t> line_starts_before(std::string_view text, std::size_t end,
                                            std::size_t count) {
  std::vector<std::size_t> starts;
  for (std::size_t at = end; at > 0 && starts.size() < count;) {
    const std::size_t from = at >= mail::crlf.size() ? at - mail::crlf.size() : 0;
    const std::size_t found = from == 0 ? std::string_view::npos : text.rfind(mail::crlf, from - 1);
    at = found == std::string_view::npos ? 0 : found + mail::crlf.size();
    starts.push_back(at);
  }
  return starts;
}

void add_lines_before(std::string_view text, std::size_t end, std::vector<Range>& ranges) {
  for (const std::size_t begin : line_starts_before(text, end, max_tail_lines)) {
    ranges.emplace_back(begin, end);
  }
}

std::size_t find_last_tag(std::string_view text, std::string_view tag) {
  const auto found = std::ranges::find_end(text, tag, {}, [](char c) { return mail::to_lower(c); });
  return found.empty() ? std::string_view::npos
                       : static_cast<std::size_t>(found.begin() - text.begin());
}

// In a line, from one tag to `end`.
void add_tags_before(std::string_view text, std::size_t end, std::vector<Range>& ranges) {
  constexpr std::size_t most_tags = 40;
  std::size_t count = 0;
  for (std::size_t at = end; at > 0 && count < most_tags; ++count) {
    at = text.rfind('<', at - 1);
    if (at == std::string_view::npos) {
      return;
    }
    ranges.emplace_back(at, end);
  }
}

// What may have been added to a text.
std::vector<Range> find_additions(std::string_view text, bool is_html) {
  std::vector<Range> ranges;
  add_lines_before(text, text.size(), ranges);
  if (is_html) {
    for (const std::string_view tag : {"</body", "</html"}) {
      const std::size_t end = find_last_tag(text, tag);
      if (end != std::string_view::npos) {
        add_lines_before(text, end, ranges);
        add_tags_before(text, end, ranges);
      }
    }
    add_tags_before(text, text.size(), ranges);
  }
  std::vector<Range> unique;
  for (const Range& range : ranges) {
    if (range.first < range.second && std::ranges::count(unique, range) == 0 &&
        unique.size() < max_removals) {
      unique.push_back(range);
    }
  }
  return unique;
}

// The ways to take an addition out of a part; those of a base64 part encode it again.
std::vector<Splice> find_removals(const BodyView& view, const Part& part) {
  std::vector<Splice> removals;
  const std::string_view text = view.text.substr(part.begin, part.end - part.begin);
  if (text.size() > max_part || !part.is_text()) {
    return removals;
  }
  if (read_encoding(part.content.encoding) != Encoding::base64) {
    for (const auto& [begin, end] : find_additions(text, part.is_html())) {
      removals.push_back({part.begin + begin, part.begin + end, ""});
    }
    return removals;
  }
  const std::string decoded = decode_base64_text(text).value_or("");
  const std::size_t width = std::min(text.find(mail::crlf), text.size());
  const std::size_t content = text.find_last_not_of("\r\n") + 1;
  for (const auto& [begin, end] : find_additions(decoded, part.is_html())) {
    const std::string shorter = decoded.substr(0, begin) + decoded.substr(end);
    removals.push_back(
        {part.begin, part.begin + content, fold_base64(encode_base64_text(shorter), width)});
  }
  return removals;
}

bool offer(const RepairSink& sink, std::size_t part, std::vector<Splice> splices) {
  return sink({.id = ChangeId::body_part_tail, .part = part, .splices = std::move(splices)});
}

}  // namespace

bool repair_part_tails(const BodyView& view, const RepairSink& sink) {
  const std::vector<Part>& leaves = view.structure.leaves;
  std::vector<std::pair<std::size_t, std::vector<Splice>>> by_part;
  for (std::size_t i = 0; i < std::min(leaves.size(), max_tail_parts); ++i) {
    std::vector<Splice> removals = find_removals(view, leaves[i]);
    for (const Splice& removal : removals) {
      if (offer(sink, i + 1, {removal})) {
        return true;
      }
    }
    by_part.emplace_back(i + 1, std::move(removals));
  }
  for (std::size_t i = 0; i < by_part.size(); ++i) {
    for (std::size_t j = i + 1; j < by_part.size(); ++j) {
      for (const Splice& first : by_part[i].second) {
        for (const Splice& second : by_part[j].second) {
          if (offer(sink, by_part[i].first, {first, second})) {
            return true;
          }
        }
      }
    }
  }
  return false;
}

bool repair_body(const BodyView& view, const RepairSink& sink) {
  return unwrap_first_part(view, sink) || repair_lines(view, sink) || repair_coding(view, sink) ||
         repair_boundary(view, sink) || repair_links(view, sink) || repair_wrapping(view, sink) ||
         repair_charset(view, sink);
}

}  // namespace sekisho::dkim_diagnosis
