// Repairs of the encoding of parts: Content-Transfer-Encoding, charset, boundaries.
#include "dkim_diagnosis/body_repairs.hpp"
#include "dkim_diagnosis/canonical_body.hpp"
#include "dkim_diagnosis/content_coding.hpp"
#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_coded = std::size_t{8} * 1024 * 1024;
constexpr std::size_t max_subset_parts = 4;

// A way to write a part again, and how its header then names the encoding.
struct Recoding {
  std::function<std::optional<std::string>(std::string_view)> convert;
  Encoding from = Encoding::none;
  std::vector<std::string_view> names;
};

std::optional<std::string> as_quoted_printable(std::string_view text,
                                               const QuotedPrintableStyle& style) {
  std::string encoded = encode_quoted_printable(text, style);
  return encoded == text ? std::nullopt : std::optional(std::move(encoded));
}

std::optional<std::string> as_base64(std::string_view text, std::size_t width) {
  return fold_base64(encode_base64_text(text), width);
}

std::optional<std::string> refolded_base64(std::string_view text, std::size_t width) {
  std::string characters(text);
  std::erase_if(characters, mail::is_folding_white_space);
  std::string folded = fold_base64(characters, width);
  const std::size_t content = text.find_last_not_of("\r\n") + 1;
  return folded == text.substr(0, content)
             ? std::nullopt
             : std::optional(folded + std::string(text.substr(content)));
}

std::optional<std::string> decoded_quoted_printable(std::string_view text) {
  return decode_quoted_printable(text);
}

const std::vector<Recoding>& recodings() {
  using Text = std::string_view;
  using Names = std::vector<Text>;
  static const Names plain = {"8bit", "7bit", "8BIT", "7BIT", "binary"};
  static const Names quoted = {"quoted-printable", "QUOTED-PRINTABLE"};
  static const Names coded = {"base64", "BASE64"};
  static const std::vector<Recoding> all = [] {
    std::vector<Recoding> list = {
        {decoded_quoted_printable, Encoding::quoted_printable, plain},
        {decode_base64_text, Encoding::base64, plain},
        {[](Text t) {
           return decode_base64_text(t).and_then(
               [](const std::string& s) { return as_quoted_printable(s, {}); });
         },
         Encoding::base64, quoted},
    };
    for (const std::size_t width : {76U, 72U, 64U, 60U, 0U}) {
      list.push_back({[width](Text t) { return refolded_base64(t, width); }, Encoding::base64, {}});
      list.push_back({[width](Text t) { return as_base64(t, width); }, Encoding::none, coded});
      list.push_back({[width](Text t) { return as_base64(decode_quoted_printable(t), width); },
                      Encoding::quoted_printable, coded});
    }
    const QuotedPrintableStyle styles[] = {
        {},
        {.line_length = 76, .encodes_tabs = true},
        {.line_length = 76, .protects_line_starts = true},
        {.line_length = 76, .encodes_punctuation = true},
        {.line_length = 75},
        {.line_length = 73},
        {.line_length = 72},
        {.line_length = 78},
        {.line_length = 1'000},
    };
    for (const QuotedPrintableStyle& style : styles) {
      list.push_back(
          {[style](Text t) { return as_quoted_printable(t, style); }, Encoding::none, quoted});
      list.push_back({[style](Text t) {
                        auto again = as_quoted_printable(decode_quoted_printable(t), style);
                        return again == t ? std::nullopt : again;
                      },
                      Encoding::quoted_printable,
                      {}});
    }
    return list;
  }();
  return all;
}

// A logical line of quoted-printable for each splice, so that line numbers stay exact.
void splice_logical_lines(std::string_view text, std::size_t offset, std::vector<Splice>& splices) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find(mail::crlf, at);
    const std::size_t next = end == std::string_view::npos ? text.size() : end + mail::crlf.size();
    const std::string_view line = without_line_end(text.substr(at, next - at));
    at = next;
    if (line.substr(0, line.find_last_not_of(mail::blanks) + 1).ends_with('=') &&
        next < text.size()) {
      continue;
    }
    const std::string_view logical = text.substr(begin, next - begin);
    std::string decoded = decode_quoted_printable(logical);
    if (decoded != logical) {
      splices.push_back({offset + begin, offset + next, std::move(decoded)});
    }
    begin = next;
  }
}

// The splice of the field that names the encoding; none where the body is the part, since the field
// is then the message's.
std::optional<Splice> rename_encoding(const BodyView& view, const Part& part,
                                      std::string_view name) {
  const auto range =
      find_part_field(view.text, part.header_begin, part.begin, "Content-Transfer-Encoding");
  if (!range) {
    return std::nullopt;
  }
  if (name.empty()) {  // there was none
    const std::size_t begin = view.text.rfind(mail::crlf, range->first) + mail::crlf.size();
    return Splice{std::max(begin, part.header_begin), range->second + mail::crlf.size(), ""};
  }
  return Splice{range->first, range->second, " " + std::string(name)};
}

bool recode_part(const BodyView& view, const Part& part, const Recoding& recoding,
                 std::string_view name, std::vector<Splice>& splices) {
  if (read_encoding(part.content.encoding) != recoding.from || part.end - part.begin > max_coded) {
    return false;
  }
  const std::string_view text = view.text.substr(part.begin, part.end - part.begin);
  auto converted = recoding.convert(text);
  if (!converted) {
    return false;
  }
  if (part.is_enclosed && !recoding.names.empty()) {
    if (auto field = rename_encoding(view, part, name)) {
      splices.push_back(*std::move(field));
    }
  }
  if (recoding.from == Encoding::quoted_printable && converted == decode_quoted_printable(text)) {
    splice_logical_lines(text, part.begin, splices);
  } else {
    splices.push_back({part.begin, part.end, *std::move(converted)});
  }
  return true;
}

// Parts that were converted together; a mask of `leaves`.
std::vector<std::vector<std::size_t>> subsets(std::size_t count) {
  std::vector<std::vector<std::size_t>> sets(1);
  for (std::size_t i = 0; i < count; ++i) {
    sets.front().push_back(i);
  }
  if (count > max_subset_parts) {
    for (std::size_t i = 0; i < count; ++i) {
      sets.push_back({i});
    }
    return sets;
  }
  for (std::size_t mask = 1; mask + 1 < (std::size_t{1} << count); ++mask) {
    std::vector<std::size_t>& set = sets.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      if ((mask >> i & 1U) != 0) {
        set.push_back(i);
      }
    }
  }
  return sets;
}

bool recode(const BodyView& view, const Recoding& recoding, std::string_view name,
            const RepairSink& sink) {
  const std::vector<Part>& leaves = view.structure.leaves;
  std::vector<std::size_t> eligible;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (read_encoding(leaves[i].content.encoding) == recoding.from &&
        (leaves[i].is_text() || recoding.from == Encoding::base64)) {
      eligible.push_back(i);
    }
  }
  if (eligible.empty()) {
    return false;
  }
  for (const std::vector<std::size_t>& set : subsets(eligible.size())) {
    Repair repair{.id = ChangeId::body_cte};
    for (const std::size_t i : set) {
      if (recode_part(view, leaves[eligible[i]], recoding, name, repair.splices) &&
          set.size() == 1) {
        repair.part = view.structure.leaves.size() > 1 ? eligible[i] + 1 : 0;
      }
    }
    if (!repair.splices.empty() && sink(repair)) {
      return true;
    }
  }
  return false;
}

constexpr std::string_view charsets[] = {"utf-8", "iso-8859-1", "windows-1252", "iso-8859-15",
                                         "us-ascii"};

bool convert_part(const BodyView& view, std::size_t number, const RepairSink& sink) {
  const Part& part = view.structure.leaves[number];
  const std::string_view text = view.text.substr(part.begin, part.end - part.begin);
  if (!part.is_text() || is_ascii(text) || text.size() > max_coded) {
    return false;
  }
  const std::string now = parameter_of(part.content.type, "charset").value_or("utf-8");
  for (const std::string_view from :
       {std::string_view(now), charsets[0], charsets[1], charsets[2]}) {
    for (const std::string_view to : charsets) {
      auto converted =
          from == to ? std::nullopt : convert_charset(text, std::string(from), std::string(to));
      if (!converted || *converted == text) {
        continue;
      }
      Repair repair{.id = ChangeId::body_charset,
                    .part = view.structure.leaves.size() > 1 ? number + 1 : 0,
                    .splices = {{part.begin, part.end, *std::move(converted)}}};
      if (sink(repair)) {
        return true;
      }
      const auto field = part.is_enclosed ? find_part_field(view.text, part.header_begin,
                                                            part.begin, "Content-Type")
                                          : std::nullopt;
      const std::size_t at = field ? view.text.find(now, field->first) : std::string_view::npos;
      if (field && at < field->second) {
        repair.splices.insert(repair.splices.begin(), {at, at + now.size(), std::string(to)});
        if (sink(repair)) {
          return true;
        }
      }
    }
  }
  return false;
}

}  // namespace

bool repair_coding(const BodyView& view, const RepairSink& sink) {
  return std::ranges::any_of(recodings(), [&](const Recoding& recoding) {
    const bool has_header =
        !recoding.names.empty() && std::ranges::any_of(view.structure.leaves, &Part::is_enclosed);
    if (!has_header) {
      return recode(view, recoding, "", sink);
    }
    return std::ranges::any_of(
               recoding.names,
               [&](std::string_view name) { return recode(view, recoding, name, sink); }) ||
           recode(view, recoding, "", sink);
  });
}

bool repair_charset(const BodyView& view, const RepairSink& sink) {
  for (std::size_t i = 0; i < view.structure.leaves.size(); ++i) {
    if (convert_part(view, i, sink)) {
      return true;
    }
  }
  return false;
}

bool repair_boundary(const BodyView& view, const RepairSink& sink) {
  const auto now = parameter_of(view.content.type, "boundary");
  if (!now) {
    return false;
  }
  for (const std::string& old : view.old_boundaries) {
    if (old == *now) {
      continue;
    }
    Repair repair{.id = ChangeId::body_boundary};
    for (const BoundaryLine& line : view.structure.boundaries) {
      if (line.depth == 0) {
        const std::size_t begin = line.begin + 2;  // "--"
        repair.splices.push_back({begin, begin + now->size(), old});
      }
    }
    if (!repair.splices.empty() && sink(repair)) {
      return true;
    }
  }
  return false;
}

bool unwrap_first_part(const BodyView& view, const RepairSink& sink) {
  const std::vector<BoundaryLine>& lines = view.structure.boundaries;
  if (lines.size() < 2 || lines.front().depth != 0) {
    return false;
  }
  const auto next = std::ranges::find_if(lines.begin() + 1, lines.end(),
                                         [](const BoundaryLine& line) { return line.depth == 0; });
  const std::size_t header_begin = lines.front().end;
  const std::size_t header_end = view.text.find("\r\n\r\n", header_begin - mail::crlf.size());
  if (next == lines.end() || header_end == std::string_view::npos || header_end >= next->begin) {
    return false;
  }
  const std::size_t begin = header_end + 2 * mail::crlf.size();
  const auto field = [&](std::string_view name) {
    const auto range = find_part_field(view.text, header_begin, begin, name);
    return range ? std::string(view.text.substr(range->first, range->second - range->first)) : "";
  };
  return sink({.id = ChangeId::body_unwrap_list,
               .splices = {{0, begin, ""}, {std::max(begin, next->begin), view.text.size(), ""}},
               .content = Content{field("Content-Type"), field("Content-Transfer-Encoding")}});
}

}  // namespace sekisho::dkim_diagnosis
