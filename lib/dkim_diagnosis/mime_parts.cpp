#include "dkim_diagnosis/mime_parts.hpp"

#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_depth = 20;
constexpr std::size_t max_parts = 200;
constexpr std::size_t max_boundary = 200;  // RFC 2046 §5.1.1 has 70

std::size_t next_line(std::string_view text, std::size_t from) {
  const std::size_t end = text.find(mail::crlf, from);
  return end == std::string_view::npos ? text.size() : end + mail::crlf.size();
}

bool is_multipart(const Content& content) {
  return media_type_of(content.type).starts_with("multipart/");
}

// Walks through the lines once, and knows of each multipart that is open its boundary.
class Reader {
 public:
  Reader(std::string_view body, Structure& structure) : body_(body), structure_(structure) {}

  void read(const Content& content) {
    if (!open(content)) {
      structure_.leaves.push_back({.end = body_.size(), .is_whole = true, .content = content});
      return;
    }
    for (std::size_t at = 0; at < body_.size();) {
      const std::size_t end = next_line(body_, at);
      at = read_line(at, end);
    }
    end_leaf(body_.size());
  }

 private:
  bool open(const Content& content) {
    const auto boundary =
        is_multipart(content) ? parameter_of(content.type, "boundary") : std::nullopt;
    if (!boundary || boundary->empty() || boundary->size() > max_boundary ||
        boundaries_.size() >= max_depth) {
      return false;
    }
    boundaries_.push_back("--" + *boundary);
    return true;
  }

  // Returns where to go on.
  std::size_t read_line(std::size_t begin, std::size_t end) {
    std::string_view line = body_.substr(begin, end - begin);
    if (!line.starts_with("--")) {
      return end;
    }
    line = line.ends_with(mail::crlf) ? line.substr(0, line.size() - mail::crlf.size()) : line;
    line = line.substr(0, line.find_last_not_of(mail::blanks) + 1);
    for (std::size_t depth = boundaries_.size(); depth-- > 0;) {
      const bool is_last = line == boundaries_[depth] + "--";
      if (is_last || line == boundaries_[depth]) {
        return read_boundary({begin, end, depth, is_last});
      }
    }
    return end;
  }

  std::size_t read_boundary(const BoundaryLine& line) {
    end_leaf(line.begin >= mail::crlf.size() ? line.begin - mail::crlf.size() : 0);
    boundaries_.resize(line.depth + (line.is_last ? 0 : 1));
    structure_.boundaries.push_back(line);
    if (line.is_last || structure_.leaves.size() >= max_parts ||
        structure_.boundaries.size() >= 2 * max_parts) {
      return line.end;
    }
    return begin_part(line.end);
  }

  std::size_t begin_part(std::size_t header_begin) {
    std::size_t at = header_begin;
    while (at < body_.size() && !body_.substr(at).starts_with(mail::crlf)) {
      if (body_.substr(at).starts_with("--") && ends_part(at)) {
        return at;  // a part without content
      }
      at = next_line(body_, at);
    }
    Content content{field(header_begin, at, "Content-Type").value_or(""),
                    field(header_begin, at, "Content-Transfer-Encoding").value_or("")};
    const std::size_t begin = std::min(at + mail::crlf.size(), body_.size());
    if (!open(content)) {
      leaf_ = Part{.header_begin = header_begin,
                   .begin = begin,
                   .is_enclosed = true,
                   .content = std::move(content)};
    }
    return begin;
  }

  [[nodiscard]] bool ends_part(std::size_t at) const {
    return std::ranges::any_of(boundaries_, [&](const std::string& boundary) {
      return body_.substr(at).starts_with(boundary);
    });
  }

  [[nodiscard]] std::optional<std::string> field(std::size_t begin, std::size_t end,
                                                 std::string_view name) const {
    const auto range = find_part_field(body_, begin, end, name);
    return range ? std::optional(
                       std::string(body_.substr(range->first, range->second - range->first)))
                 : std::nullopt;
  }

  void end_leaf(std::size_t end) {
    if (leaf_) {
      leaf_->end = std::max(leaf_->begin, end);
      structure_.leaves.push_back(*std::move(leaf_));
      leaf_.reset();
    }
  }

  std::string_view body_;
  Structure& structure_;
  std::vector<std::string> boundaries_;
  std::optional<Part> leaf_;
};

}  // namespace

std::string media_type_of(std::string_view content_type) {
  return mail::to_lower(
      mail::trimmed<mail::is_folding_white_space>(content_type.substr(0, content_type.find(';'))));
}

std::optional<std::string> parameter_of(std::string_view content_type, std::string_view name) {
  std::size_t at = content_type.find(';');
  while (at != std::string_view::npos) {
    const std::size_t equals = content_type.find('=', at);
    if (equals == std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view found =
        mail::trimmed<mail::is_folding_white_space>(content_type.substr(at + 1, equals - at - 1));
    std::string_view rest =
        mail::trimmed<mail::is_folding_white_space>(content_type.substr(equals + 1));
    const bool is_quoted = rest.starts_with('"');
    const std::size_t end =
        is_quoted ? rest.find('"', 1) : std::min(rest.find_first_of("; \t\r\n"), rest.size());
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    if (mail::equals_ignoring_case(found, name)) {
      return std::string(rest.substr(is_quoted ? 1 : 0, is_quoted ? end - 1 : end));
    }
    const std::size_t offset = static_cast<std::size_t>(rest.data() - content_type.data()) + end;
    at = content_type.find(';', offset);
  }
  return std::nullopt;
}

bool Part::is_text() const {
  const std::string type = media_type_of(content.type);
  return type.empty() || type.starts_with("text/");
}

bool Part::is_html() const {
  return media_type_of(content.type) == "text/html";
}

Structure find_parts(std::string_view body, const Content& content) {
  Structure structure;
  Reader(body, structure).read(content);
  return structure;
}

std::optional<std::pair<std::size_t, std::size_t>> find_part_field(std::string_view body,
                                                                   std::size_t header_begin,
                                                                   std::size_t header_end,
                                                                   std::string_view name) {
  for (std::size_t at = header_begin; at < header_end;) {
    std::size_t end = next_line(body, at);
    while (end < header_end && mail::is_blank(body[end])) {
      end = next_line(body, end);
    }
    const std::string_view field = body.substr(at, std::min(end, header_end) - at);
    const std::size_t colon = field.find(':');
    if (colon != std::string_view::npos &&
        mail::equals_ignoring_case(mail::trimmed(field.substr(0, colon)), name)) {
      const std::size_t last = field.ends_with(mail::crlf) ? field.size() - 2 : field.size();
      return std::pair(at + colon + 1, at + std::max(last, colon + 1));
    }
    at = end;
  }
  return std::nullopt;
}

}  // namespace sekisho::dkim_diagnosis
