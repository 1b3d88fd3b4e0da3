#include "report/format/xml_mender.hpp"

#include "mail/ascii.hpp"
#include "report/format/xml_decoder.hpp"
#include "report/format/xml_name.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace sekisho::report::format {

namespace {

constexpr std::string_view bare_reference = "a bare & in the XML was taken for text";
constexpr std::string_view bare_markup = "a bare < in the XML was taken for text";
constexpr std::string_view not_closed = "an element of the XML that is not closed was ended";
constexpr std::string_view not_opened = "an end tag of the XML without its element was dropped";
constexpr std::string_view broken_tag = "a tag of the XML that does not end was ended";
constexpr std::string_view text_before = "text before the XML was passed over";
constexpr std::string_view text_behind = "something behind the end of the XML was passed over";

// Behind the `&`, without the `;`.
bool is_known_entity(std::string_view name) {
  constexpr std::string_view names[] = {"amp", "lt", "gt", "quot", "apos"};
  return std::ranges::find(names, name) != std::end(names);
}

// Of `#65` and `#x41`. Nullopt where it is none.
std::optional<char32_t> character_reference(std::string_view name) {
  if (!name.starts_with('#')) {
    return std::nullopt;
  }
  const bool is_hexadecimal = name.starts_with("#x");
  const std::string_view digits = name.substr(is_hexadecimal ? 2 : 1);
  std::uint32_t value = 0;
  const auto* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value, is_hexadecimal ? 16 : 10);
  const bool is_number = read.ec == std::errc{} && read.ptr == end;
  return is_number ? std::optional<char32_t>(value) : std::nullopt;
}

std::size_t lines_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

template <typename Condition>
std::string_view take_while(std::string_view& text, const Condition& condition) {
  const auto count =
      static_cast<std::size_t>(std::ranges::find_if_not(text, condition) - text.begin());
  const std::string_view taken = text.substr(0, count);
  text.remove_prefix(count);
  return taken;
}

void append_at_most(std::string& text, std::string_view more, std::size_t limit) {
  text += more.substr(0, limit - std::min(limit, text.size()));
}

}  // namespace

std::expected<void, std::string> XmlMender::mend(std::string_view text, std::string& output) {
  const std::string_view all = text;
  while (!text.empty() && error_.empty()) {
    switch (state_) {
      case State::text:
        take_text(text, output);
        break;
      case State::reference:
        take_reference(text, output);
        break;
      case State::markup:
        take_markup(text, output);
        break;
      case State::open_name:
        take_open_name(text, output);
        break;
      case State::tag:
        take_tag(text, output);
        break;
      case State::close_name:
        take_close_name(text, output);
        break;
      case State::declaration:
        take_declaration(text, output);
        break;
      case State::comment:
      case State::instruction:
        take_skipped(text, output);
        break;
      case State::cdata:
        take_cdata(text, output);
        break;
    }
  }
  line_ += lines_in(all.substr(0, all.size() - text.size()));
  if (!error_.empty()) {
    return std::unexpected("line " + std::to_string(line_) + ": " + error_);
  }
  return {};
}

void XmlMender::take_text(std::string_view& text, std::string& output) {
  const std::string_view run =
      take_while(text, [](char c) { return c != '<' && c != '&' && c != '>'; });
  add_text(run, output);
  if (text.empty()) {
    return;
  }
  switch (text[0]) {
    case '<':
      state_ = State::markup;
      break;
    case '&':
      state_ = State::reference;
      break;
    default:
      add_text("&gt;", output);
  }
  token_.clear();
  text.remove_prefix(1);
}

void XmlMender::take_reference(std::string_view& text, std::string& output) {
  constexpr std::size_t longest = 10;
  const auto may_go_on = [](char c) { return mail::is_alphanumeric(c) || c == '#'; };
  while (!text.empty() && token_.size() <= longest && may_go_on(text[0])) {
    token_ += text[0];
    text.remove_prefix(1);
  }
  if (text.empty() && token_.size() <= longest) {
    return;
  }
  state_ = State::text;
  const bool is_ended = text.starts_with(';');
  const auto point = is_ended ? character_reference(token_) : std::nullopt;
  if (point) {
    add_text(is_xml_character(*point) ? "&" + token_ + ";" : "\xef\xbf\xbd", output);
  } else if (is_ended && is_known_entity(token_)) {
    add_text("&" + token_ + ";", output);
  } else {
    notes_.add_once(bare_reference);
    add_text("&amp;" + token_, output);
    return;
  }
  text.remove_prefix(1);
}

void XmlMender::take_markup(std::string_view& text, std::string& output) {
  const char c = text[0];
  if (is_name_start(c)) {
    state_ = State::open_name;
    return;
  }
  if (c != '/' && c != '!' && c != '?') {
    as_text("", output);
    return;
  }
  state_ = c == '/' ? State::close_name : c == '!' ? State::declaration : State::instruction;
  text.remove_prefix(1);
}

void XmlMender::take_open_name(std::string_view& text, std::string& output) {
  token_ += take_while(text, is_name_character);
  if (token_.size() > max_name) {
    as_text("", output);
    return;
  }
  if (text.empty()) {
    return;
  }
  if (text[0] != '>' && text[0] != '/' && !mail::is_folding_white_space(text[0])) {
    as_text("", output);
    return;
  }
  state_ = State::tag;
  attributes_.begin();
}

void XmlMender::take_tag(std::string_view& text, std::string& output) {
  const bool is_quoted = attributes_.is_in_quotes();
  const char c = text[0];
  if (c == '>' && !is_quoted) {
    text.remove_prefix(1);
    end_tag(output);
    return;
  }
  if (c == '<') {  // has no place in a tag, and begins the next
    if (attributes_.has_value() || is_quoted) {
      notes_.add_once(broken_tag);
      end_tag(output);
    } else {
      as_text("", output);
    }
    return;
  }
  text.remove_prefix(1);
  lines_held_ += c == '\n' ? 1 : 0;
  attributes_.take(c);
}

void XmlMender::end_tag(std::string& output) {
  attributes_.end();
  open_element(output);
  end_token(output);
}

void XmlMender::open_element(std::string& output) {
  if (is_whole_) {
    notes_.add_once(text_behind);
    return;
  }
  if (!limits_.never_nested.empty() && local_name(token_) == limits_.never_nested) {
    const auto same = std::ranges::find(open_, token_);
    close_until(static_cast<std::size_t>(same - open_.begin()), output);
  }
  if (open_.size() >= limits_.depth) {
    error_ = "elements are nested too deeply";
    return;
  }
  output.append("<").append(safe_name(token_));
  attributes_.append_to(output);
  output += attributes_.is_empty_element() ? "/>" : ">";
  if (!attributes_.is_empty_element()) {
    open_.push_back(token_);
  }
  is_whole_ = open_.empty();
}

void XmlMender::take_close_name(std::string_view& text, std::string& output) {
  if (token_.empty() && !is_name_start(text[0])) {
    as_text("/", output);
    return;
  }
  const std::string_view run = take_while(text, [](char c) { return c != '>' && c != '<'; });
  append_at_most(token_, run, max_name + 1);
  lines_held_ += lines_in(run);
  if (text.empty()) {
    return;
  }
  if (text[0] == '>') {
    text.remove_prefix(1);
  } else {
    notes_.add_once(broken_tag);
  }
  close_element(output);
  end_token(output);
}

void XmlMender::close_element(std::string& output) {
  if (is_whole_) {
    notes_.add_once(text_behind);
    return;
  }
  const auto* const name_end =
      std::find_if_not(token_.c_str(), token_.c_str() + token_.size(), is_name_character);
  const std::string_view name(token_.c_str(), name_end);
  const auto found = std::ranges::find(open_.rbegin(), open_.rend(), name);
  if (found == open_.rend()) {
    notes_.add_once(not_opened);
    return;
  }
  close_until(static_cast<std::size_t>(open_.rend() - found), output);
  output.append("</").append(safe_name(open_.back())).append(">");
  open_.pop_back();
  is_whole_ = open_.empty();
}

// Those above the first `count`, which have no end tags of their own.
void XmlMender::close_until(std::size_t count, std::string& output) {
  while (open_.size() > count) {
    notes_.add_once(not_closed);
    output.append("</").append(safe_name(open_.back())).append(">");
    open_.pop_back();
  }
}

void XmlMender::take_declaration(std::string_view& text, std::string& output) {
  constexpr std::string_view comment = "--";
  constexpr std::string_view cdata = "[CDATA[";
  constexpr std::string_view document_type = "DOCTYPE";
  const std::string next = token_ + text[0];
  const std::string_view beginning = next;
  const bool is_known =
      comment.starts_with(beginning) || cdata.starts_with(beginning) ||
      mail::equals_ignoring_case(document_type.substr(0, beginning.size()), beginning);
  if (!is_known) {
    as_text("!", output);
    return;
  }
  token_ = next;
  text.remove_prefix(1);
  if (beginning.size() == document_type.size() && beginning[0] != '[') {
    error_ = is_whole_ ? "" : "a document type (DOCTYPE) has no place in a report";
    state_ = State::instruction;  // up to the next `>`
    return;
  }
  if (beginning == comment || beginning == cdata) {
    state_ = beginning == comment ? State::comment : State::cdata;
    token_.clear();
  }
}

void XmlMender::take_skipped(std::string_view& text, std::string& output) {
  constexpr std::string_view before_end = "--";
  const std::string_view run = take_while(text, [](char c) { return c != '>'; });
  lines_held_ += lines_in(run);
  token_ += run.substr(run.size() - std::min(run.size(), before_end.size()));
  if (text.empty()) {
    token_ = token_.substr(token_.size() - std::min(token_.size(), before_end.size()));
    return;
  }
  text.remove_prefix(1);
  if (state_ == State::instruction || token_.ends_with(before_end)) {
    end_token(output);
    return;
  }
  token_ = ">";
}

void XmlMender::take_cdata(std::string_view& text, std::string& output) {
  constexpr std::string_view brackets = "]]";
  const char c = text[0];
  text.remove_prefix(1);
  if (c == ']') {
    if (token_ == brackets) {
      add_text("]", output);
    } else {
      token_ += c;
    }
    return;
  }
  const bool is_end = c == '>' && token_.ends_with(brackets);
  token_.resize(token_.size() - (is_end ? brackets.size() : 0));
  add_text(std::exchange(token_, {}), output);
  if (is_end) {
    end_token(output);
    return;
  }
  add_text(c == '<'   ? "&lt;"
           : c == '&' ? "&amp;"
           : c == '>' ? "&gt;"
                      : std::string_view(&c, 1),
           output);
}

void XmlMender::add_text(std::string_view text, std::string& output) {
  if (!open_.empty()) {
    output += text;
    return;
  }
  if (!std::ranges::all_of(text, mail::is_folding_white_space)) {
    notes_.add_once(is_whole_ ? text_behind : text_before);
  }
  if (!is_whole_) {
    output.append(lines_in(text), '\n');
  }
}

// What looked like markup and is none.
void XmlMender::as_text(std::string_view markup, std::string& output) {
  notes_.add_once(bare_markup);
  add_text("&lt;", output);
  add_text(markup, output);
  add_text(token_, output);
  if (state_ == State::tag) {
    add_text(" ", output);
  }
  end_token(output);
}

void XmlMender::end_token(std::string& output) {
  state_ = State::text;
  token_.clear();
  add_text(std::string(std::exchange(lines_held_, 0), '\n'), output);
}

}  // namespace sekisho::report::format
