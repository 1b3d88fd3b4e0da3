#include "policy/reply.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace sekisho::policy {

namespace {

constexpr std::size_t max_lines = 10;
constexpr std::size_t max_line_octets = 300;

constexpr std::array<std::string_view, 3> plain_fields{"domain", "client", "queue_id"};
constexpr std::string_view what_field = "what";
constexpr std::string_view url_field = "url";

/// A text from one brace to the next.
struct Piece {
  std::string_view text;
  std::string_view field;  ///< What follows it in braces; empty: nothing.
  bool is_closed = true;
};

Piece next_piece(std::string_view& rest) {
  const std::size_t open = rest.find('{');
  if (open == std::string_view::npos) {
    return {std::exchange(rest, {}), {}};
  }
  Piece piece{rest.substr(0, open), {}};
  const std::size_t close = rest.find('}', open);
  piece.is_closed = close != std::string_view::npos;
  piece.field = rest.substr(open + 1, piece.is_closed ? close - open - 1 : rest.npos);
  rest = piece.is_closed ? rest.substr(close + 1) : std::string_view{};
  return piece;
}

// A line of the reply has all of them, the URL in it not what is of the reply alone.
std::string describe_fields(bool is_url) {
  return is_url ? "the fields {domain}, {client} and {queue_id}"
                : "the fields {what}, {domain}, {client}, {queue_id} and {url}";
}

bool is_field(std::string_view name, bool is_url) {
  return std::ranges::find(plain_fields, name) != plain_fields.end() ||
         (!is_url && (name == what_field || name == url_field));
}

std::optional<std::string> find_line_fault(std::string_view line, bool is_url) {
  if (line.size() > max_line_octets) {
    return "lines of at most " + std::to_string(max_line_octets) + " characters";
  }
  if (!std::ranges::all_of(line, [](char c) { return c >= ' ' && c < 0x7F; })) {
    return "printable US-ASCII";
  }
  while (!line.empty()) {
    const bool had_field = line.contains('{');
    const Piece piece = next_piece(line);
    if (!piece.is_closed) {
      return "a } after each {";
    }
    if (had_field && !is_field(piece.field, is_url)) {
      return describe_fields(is_url);
    }
  }
  return std::nullopt;
}

// As the MTA gave it: letters and digits, by all that is known of MTAs.
std::string shown_queue_id(std::string queue_id) {
  std::erase_if(queue_id, [](char c) { return !mail::is_alphanumeric(c) && c != '-' && c != '.'; });
  return queue_id.empty() ? "NOQUEUE" : queue_id;
}

/// Fills in one line for one refusal. Nullopt: a field has no value.
class Filler {
 public:
  Filler(const Refusal& refusal, const findings::Findings& findings, std::string url = {})
      : refusal_(refusal),
        client_(findings.client.address ? findings.client.address->text() : "local"),
        queue_id_(shown_queue_id(findings.envelope.queue_id)),
        url_(std::move(url)) {}

  [[nodiscard]] std::optional<std::string> fill(std::string_view line) const {
    std::string filled;
    while (!line.empty()) {
      const Piece piece = next_piece(line);
      filled += piece.text;
      if (piece.field.empty()) {
        continue;
      }
      const std::string& value = value_of(piece.field);
      if (value.empty()) {
        return std::nullopt;
      }
      filled += value;
    }
    return filled;
  }

 private:
  [[nodiscard]] const std::string& value_of(std::string_view field) const {
    if (field == what_field) {
      return refusal_.what;
    }
    if (field == "domain") {
      return refusal_.domain;
    }
    if (field == "client") {
      return client_;
    }
    return field == url_field ? url_ : queue_id_;
  }

  const Refusal& refusal_;
  std::string client_;
  std::string queue_id_;
  std::string url_;
};

void add_line(const std::optional<std::string>& line, std::vector<std::string>& lines) {
  if (line && !line->empty() && std::ranges::find(lines, *line) == lines.end()) {
    lines.push_back(*line);
  }
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

bool is_about_author(const Refusal& refusal) {
  return refusal.enhanced == "5.7.1";
}

std::string enhanced_code(const std::vector<Refusal>& refusals) {
  const bool several =
      refusals.size() > 1 && !is_about_author(refusals.front()) && refusals.front().code == "550";
  return several ? "5.7.26" : refusals.front().enhanced;
}

}  // namespace

std::optional<std::string> find_template_fault(const std::vector<std::string>& lines) {
  if (lines.empty() || lines.size() > max_lines) {
    return "1 to " + std::to_string(max_lines) + " lines";
  }
  if (!std::ranges::any_of(lines, [](const auto& line) { return line.contains("{what}"); })) {
    return "a line with {what}";  // else every refusal looks like every other
  }
  for (const std::string& line : lines) {
    if (auto fault = find_line_fault(line, /*is_url=*/false)) {
      return fault;
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_url_fault(const std::string& url) {
  if (url.empty()) {
    return std::nullopt;
  }
  const bool is_web = url.starts_with("https://") || url.starts_with("http://");
  if (!is_web || url.contains(' ')) {
    return R"(a URL such as "https://mx.example.org/refused?id={queue_id}")";
  }
  return find_line_fault(url, /*is_url=*/true);
}

Reply write_reply(const std::vector<Refusal>& refusals, const findings::Findings& findings,
                  const Options& options) {
  const Refusal& first = refusals.front();
  const std::string url = Filler(first, findings).fill(options.url).value_or("");
  std::vector<std::string> lines;
  for (const std::string& line : options.reply) {
    for (const Refusal& refusal : refusals) {
      const bool once = !line.contains("{what}");
      add_line(Filler(once ? first : refusal, findings, url).fill(line), lines);
      if (once) {
        break;
      }
    }
  }
  if (lines.empty()) {
    lines.push_back(first.what);
  }
  return {first.code, enhanced_code(refusals), joined(lines)};
}

}  // namespace sekisho::policy
