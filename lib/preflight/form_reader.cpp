#include "preflight/form_reader.hpp"

#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sekisho::preflight {

namespace {

constexpr std::size_t max_line = 998;             // RFC 5322 §2.1.1
constexpr std::size_t good_line = 78;             // RFC 5322 §2.1.1
constexpr std::size_t kept_body_octets = 1'000;   // enough for boundaries and base64
constexpr std::size_t line_end_octets = 2;        // CRLF
constexpr std::size_t max_field_octets = 60'000;  // Postfix cuts a field there
constexpr std::size_t max_total_octets = 32'768;  // Sendmail's MaxHeadersLength

// ftext and a colon (RFC 5322 §2.2); blanks before the colon are the obsolete form of §4.5.
std::optional<std::size_t> find_colon(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view name = mail::trimmed(line.substr(0, colon));
  const bool is_name = !name.empty() && !mail::is_blank(line.front()) &&
                       std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
  return is_name ? std::optional(colon) : std::nullopt;
}

bool is_blank_line(std::string_view line) {
  return std::ranges::all_of(line, mail::is_blank);
}

std::string shown_count(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

FormReader::FormReader(const FormOptions& options, std::vector<Finding>& findings,
                       OnHeader on_header, OnBody on_body)
    : options_(options),
      findings_(&findings),
      on_header_(std::move(on_header)),
      on_body_(std::move(on_body)),
      lines_(options.header_octets),
      mime_(findings) {}

void FormReader::add(std::string_view chunk) {
  while (in_header_ && !chunk.empty()) {
    const std::string_view part = chunk.substr(0, std::min(chunk.find('\n'), chunk.size() - 1) + 1);
    split(part);
    chunk.remove_prefix(part.size());
  }
  if (!chunk.empty()) {
    pass_body(chunk);
    split(chunk);
  }
}

void FormReader::split(std::string_view chunk) {
  lines_.add(chunk, [this](const Line& line) { add_line(line); });
}

void FormReader::pass_body(std::string_view chunk) {
  body_.clear();
  mail::append_with_crlf(body_, chunk, last_octet_);
  last_octet_ = chunk.back();
  on_body_(body_);
}

void FormReader::finish() {
  lines_.finish([this](const Line& line) { add_line(line); });
  if (in_header_) {
    end_header();
  }
  mime_.finish();
  report_bytes();
}

Place FormReader::place_of(std::size_t index) const {
  return {printable(mail::trimmed(std::string_view(header_[index].name)), 60), places_[index].line,
          places_[index].offset};
}

void FormReader::add_line(const Line& line) {
  octets_ += line.length + (line.end == LineEnd::none ? 0 : line_end_octets);
  if (in_header_) {
    add_header_line(line);
    return;
  }
  measure(line);
  mime_.add(line);
}

void FormReader::add_header_line(const Line& line) {
  if (line.length == 0) {
    end_header();
    return;
  }
  const bool is_mailbox_line = line.number == 1 && line.text.starts_with("From ") &&
                               line.end != LineEnd::none && !find_colon(line.text);
  if (is_mailbox_line || !is_whole_) {
    return;
  }
  if (mail::is_blank(line.text.front()) && !header_.empty()) {
    add_fold(line);
  } else if (const auto colon = find_colon(line.text)) {
    add_field(line, *colon);
  } else {
    cut_header(line);
    return;
  }
  header_octets_ += line.length + line_end_octets;
  is_whole_ = header_octets_ <= options_.header_octets && header_.size() <= options_.header_fields;
  measure(line);
}

void FormReader::add_field(const Line& line, std::size_t colon) {
  header_.push_back(
      {std::string(line.text.substr(0, colon)), std::string(line.text.substr(colon + 1))});
  places_.push_back({line.number, line.offset});
  if (header_.back().name.ends_with(' ') || header_.back().name.ends_with('\t')) {
    add_finding(*findings_, Id::field_syntax, Level::advice, place_of(header_.size() - 1),
                "blanks before the colon, an obsolete form");
  }
}

// Every line of a folded field must hold more than blanks (RFC 5322 §3.2.2); older programs may
// have written such lines, and readers take them (RFC 5322 §4.2).
void FormReader::add_fold(const Line& line) {
  header_.back().value.append("\r\n").append(line.text);
  if (is_blank_line(line.text)) {
    Place where = place_of(header_.size() - 1);
    where.line = line.number;
    where.offset = line.offset;
    add_finding(*findings_, Id::fold_wsp_only, Level::advice, std::move(where),
                "a line of the header holds only blanks");
  }
}

void FormReader::cut_header(const Line& line) {
  is_cut_ = true;
  add_finding(*findings_, Id::field_syntax, Level::error, {"", line.number, line.offset},
              "a line that is no header field ends the header: " + printable(line.text, 40));
  end_header();
  pass_body(std::string(line.text) + (line.end == LineEnd::none ? "" : "\r\n"));
  measure(line);
  mime_.add(line);
}

void FormReader::end_header() {
  in_header_ = false;
  lines_.set_limit(kept_body_octets);
  check_field_sizes();
  on_header_(header_);
  mime_.begin(header_);
}

void FormReader::measure(const Line& line) {
  const bool is_field = in_header_ && !header_.empty();
  const Place where{is_field ? place_of(header_.size() - 1).field : "", line.number, line.offset};
  if (line.length > max_line) {
    longest_ = std::max(longest_, line.length);
    first_too_long_ = too_long_lines_++ == 0 ? where : first_too_long_;
  } else if (line.length > good_line) {
    first_long_ = long_lines_++ == 0 ? where : first_long_;
  }
  if (in_header_ && line.has_eight_bit && !told_eight_bit_ &&
      !(options_.smtputf8 && mail::is_valid_utf8(line.text))) {
    told_eight_bit_ = true;
    add_finding(*findings_, Id::bytes_8bit_header, Level::error, where,
                options_.smtputf8 ? "octets that are not UTF-8"
                                  : "octets above 127, and the envelope has no SMTPUTF8");
  }
}

void FormReader::check_field_sizes() {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    const std::size_t octets = header_[i].name.size() + 1 + header_[i].value.size();
    if (octets > max_field_octets) {
      add_finding(*findings_, Id::header_size, Level::error, place_of(i),
                  "a field of " + std::to_string(octets) + " octets");
    }
  }
  if (!is_whole_) {
    add_finding(*findings_, Id::header_size, Level::error, {},
                "the header is larger than this program reads");
  } else if (header_octets_ > max_total_octets && !has_finding(*findings_, Id::header_size)) {
    add_finding(*findings_, Id::header_size, Level::warning, {},
                "the header has " + std::to_string(header_octets_) + " octets");
  }
}

void FormReader::report_bytes() {
  const auto tell = [this](const std::optional<Spot>& spot, Id id, const char* evidence) {
    if (spot) {
      add_finding(*findings_, id, Level::error, {"", spot->line, spot->offset}, evidence);
    }
  };
  tell(lines_.bare_cr(), Id::bytes_bare_cr, "CR without LF");
  tell(lines_.mixed_end(), Id::bytes_bare_lf, "LF without CR, where other lines end in CRLF");
  tell(lines_.nul(), Id::bytes_nul, "a NUL octet");
  if (too_long_lines_ > 0) {
    add_finding(*findings_, Id::line_998, Level::error, first_too_long_,
                shown_count(too_long_lines_, "line") + " above 998 octets, the longest has " +
                    std::to_string(longest_) + ": relays cut them, and DKIM with them");
  }
  if (long_lines_ > 0) {
    add_finding(*findings_, Id::line_78, Level::advice, first_long_,
                shown_count(long_lines_, "line") + " above 78 characters");
  }
}

}  // namespace sekisho::preflight
