#include "mail/message_reader.hpp"

#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace sekisho::mail {
namespace {

constexpr std::size_t block_octets = 65'536;
constexpr std::size_t line_end_octets = 2;  // CRLF, in whatever form the file has it

/// Where the colon stands that ends the field's name; nullopt where the line is no field.
std::optional<std::size_t> find_colon(std::string_view line) {
  const auto* const name_end = std::ranges::find_if_not(
      line, [](char c) { return c != ':' && !is_blank(c) && !is_control(c) && !is_eight_bit(c); });
  const auto* const colon = std::find_if_not(name_end, line.end(), is_blank);
  if (name_end == line.begin() || colon == line.end() || *colon != ':') {
    return std::nullopt;
  }
  return static_cast<std::size_t>(colon - line.begin());
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) {
    line.remove_suffix(1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
  }
  return line;
}

/// Takes the message in blocks as they come and calls back with header section and body.
class MessageSplitter {
 public:
  MessageSplitter(const ReadLimits& limits, const std::function<void(HeaderSection)>& on_header,
                  const std::function<void(std::string_view)>& on_body)
      : limits_(limits), on_header_(on_header), on_body_(on_body) {}

  void add(std::string_view block);
  void finish();
  [[nodiscard]] const ReadReport& report() const { return report_; }

 private:
  enum class Place {
    start,     ///< Before the first line.
    top,       ///< Before the first field, a mailbox file's `From ` line skipped.
    fields,    ///< Behind a field, which a fold may continue.
    dropping,  ///< Over the limit: nothing is kept up to the empty line.
    body,
  };

  void hold(std::string_view part);
  void add_line(std::string_view line);
  [[nodiscard]] bool is_fold(std::string_view line) const;
  void add_field(std::string_view line, std::size_t colon);
  void add_fold(std::string_view line);
  void count(std::string_view line);
  void cut_header(std::string_view line);
  void end_header();
  void add_body(std::string_view chunk);

  const ReadLimits& limits_;
  const std::function<void(HeaderSection)>& on_header_;
  const std::function<void(std::string_view)>& on_body_;

  Place place_ = Place::start;
  HeaderSection header_;
  std::size_t header_octets_ = 0;
  std::string line_;      ///< What the last block held of a line that it did not end.
  std::string body_;      ///< One chunk of the body with its line ends as CRLF.
  char body_end_ = '\0';  ///< The last octet of the chunk before.
  ReadReport report_;
};

void MessageSplitter::add(std::string_view block) {
  while (place_ != Place::body && !block.empty()) {
    const std::size_t line_end = block.find('\n');
    if (line_end == std::string_view::npos) {
      hold(block);
      return;
    }
    const std::string_view part = block.substr(0, line_end + 1);
    block.remove_prefix(part.size());
    if (line_.empty()) {
      add_line(part);
    } else {
      line_ += part;
      add_line(std::exchange(line_, {}));
    }
  }
  add_body(block);
}

void MessageSplitter::finish() {
  if (!line_.empty()) {
    add_line(std::exchange(line_, {}));
  }
  if (place_ != Place::body) {
    end_header();
  }
}

/// Keeps the beginning of a line for the next block. One that is over the limit already is judged
/// by what there is of it.
void MessageSplitter::hold(std::string_view part) {
  line_ += part;
  if (place_ != Place::dropping &&
      header_octets_ + line_.size() > limits_.header_octets + line_end_octets) {
    const std::string beginning = std::exchange(line_, {});
    add_line(beginning);
    line_ = place_ == Place::dropping ? beginning : "";
  }
  if (place_ == Place::dropping) {
    line_.resize(std::min(line_.size(), line_end_octets));  // enough to tell it from an empty line
  }
}

void MessageSplitter::add_line(std::string_view line) {
  const std::string_view content = without_line_end(line);
  if (content.empty()) {
    end_header();
    return;
  }
  if (place_ == Place::dropping) {
    return;
  }
  if (is_fold(content)) {
    add_fold(content);
    return;
  }
  if (const std::optional<std::size_t> colon = find_colon(content)) {
    add_field(content, *colon);
    return;
  }
  if (place_ == Place::start && line.starts_with("From ") && line.ends_with('\n')) {
    place_ = Place::top;
    report_.has_mailbox_line = true;
    return;
  }
  cut_header(line);
}

bool MessageSplitter::is_fold(std::string_view line) const {
  return place_ == Place::fields && is_blank(line.front());
}

void MessageSplitter::add_field(std::string_view line, std::size_t colon) {
  header_.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))});
  place_ = Place::fields;
  count(line);
}

void MessageSplitter::add_fold(std::string_view line) {
  header_.back().value.append("\r\n").append(line);
  count(line);
}

void MessageSplitter::count(std::string_view line) {
  header_octets_ += line.size() + line_end_octets;
  if (header_octets_ > limits_.header_octets || header_.size() > limits_.header_fields) {
    report_.over_limit = true;
    place_ = Place::dropping;
  }
}

void MessageSplitter::cut_header(std::string_view line) {
  report_.header_cut = true;
  end_header();
  add_body(line);
}

void MessageSplitter::end_header() {
  place_ = Place::body;
  on_header_(std::exchange(header_, {}));
}

void MessageSplitter::add_body(std::string_view chunk) {
  if (chunk.empty()) {
    return;
  }
  body_.clear();
  append_with_crlf(body_, chunk, body_end_);
  body_end_ = chunk.back();
  on_body_(body_);
}

}  // namespace

ReadReport read_message(std::istream& input, const ReadLimits& limits,
                        const std::function<void(HeaderSection)>& on_header,
                        const std::function<void(std::string_view)>& on_body) {
  MessageSplitter splitter(limits, on_header, on_body);
  std::string block(block_octets, '\0');
  do {
    input.read(block.data(), static_cast<std::streamsize>(block.size()));
    splitter.add(std::string_view(block).substr(0, static_cast<std::size_t>(input.gcount())));
  } while (input);
  splitter.finish();
  return splitter.report();
}

}  // namespace sekisho::mail
