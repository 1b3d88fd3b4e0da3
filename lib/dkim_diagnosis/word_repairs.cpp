// Subject, and encoded words (RFC 2047).
#include "crypto/base64.hpp"
#include "dkim_diagnosis/content_coding.hpp"
#include "dkim_diagnosis/header_field_repairs.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_subject = 1'000;

struct Word {
  std::string charset;
  char encoding = 'Q';
  std::string octets;
};

// `=?charset?encoding?text?=` at the beginning; its size.
std::optional<std::pair<Word, std::size_t>> read_word(std::string_view text) {
  if (!text.starts_with("=?")) {
    return std::nullopt;
  }
  const std::size_t charset_end = text.find('?', 2);
  const std::size_t encoding_end =
      charset_end == std::string_view::npos ? charset_end : text.find('?', charset_end + 1);
  if (encoding_end != charset_end + 2) {
    return std::nullopt;
  }
  const std::size_t end = text.find("?=", encoding_end + 1);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  Word word{std::string(text.substr(2, charset_end - 2)), text[charset_end + 1], ""};
  std::string coded(text.substr(encoding_end + 1, end - encoding_end - 1));
  if (mail::to_lower(word.encoding) == 'b') {
    const auto octets = decode_base64_text(coded);
    if (!octets) {
      return std::nullopt;
    }
    word.octets = *octets;
  } else {
    std::ranges::replace(coded, '_', ' ');
    word.octets = decode_quoted_printable(coded);
  }
  return std::pair(std::move(word), end + 2);
}

struct Decoded {
  std::string text;  ///< UTF-8.
  std::optional<Word> first;
};

// Blanks between two encoded words do not count (RFC 2047 §6.2).
std::optional<Decoded> decode_words(std::string_view value) {
  Decoded decoded;
  std::string pending;
  bool after_word = false;
  for (std::size_t at = 0; at < value.size();) {
    if (auto word = read_word(value.substr(at))) {
      decoded.text += after_word && mail::trimmed(pending).empty() ? "" : pending;
      pending.clear();
      const auto text = convert_charset(word->first.octets, word->first.charset, "utf-8");
      if (!text) {
        return std::nullopt;
      }
      decoded.text += *text;
      at += word->second;
      after_word = true;
      decoded.first = decoded.first ? std::move(decoded.first) : std::move(word->first);
      continue;
    }
    if (!mail::is_folding_white_space(value[at])) {
      decoded.text += pending;
      pending.clear();
      decoded.text += value[at];
      after_word = false;
    } else if (value[at] != '\r' && value[at] != '\n') {
      pending += value[at];
    }
    ++at;
  }
  decoded.text += pending;
  return decoded;
}

struct WordStyle {
  std::string charset;
  char encoding = 'B';
  bool escapes_all = true;      ///< Q: all but letters, digits and !*+-/ (RFC 2047 §5 (3)).
  std::size_t first_size = 75;  ///< Of the first word, and of all others 75.
  std::string_view between = " ";
};

std::string encode_q(std::string_view text, bool escapes_all) {
  constexpr std::string_view safe = "!*+-/";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string coded;
  for (const char c : text) {
    const bool is_plain =
        mail::is_alphanumeric(c) || safe.contains(c) ||
        (!escapes_all && c > ' ' && c < '\x7f' && c != '=' && c != '?' && c != '_');
    if (c == ' ') {
      coded += '_';
    } else if (is_plain) {
      coded += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      coded += {'=', hex[octet >> 4U], hex[octet & 0xfU]};
    }
  }
  return coded;
}

std::string encode_word(std::string_view octets, const WordStyle& style) {
  const std::string coded = mail::to_lower(style.encoding) == 'b'
                                ? encode_base64_text(octets)
                                : encode_q(octets, style.escapes_all);
  return "=?" + style.charset + '?' + style.encoding + '?' + coded + "?=";
}

std::size_t character_size(std::string_view utf8) {
  std::size_t size = 1;
  while (size < utf8.size() && (static_cast<unsigned char>(utf8[size]) & 0xc0U) == 0x80U) {
    ++size;
  }
  return size;
}

// As many words as are needed, each with as many characters as it can hold.
std::optional<std::string> encode_text(std::string_view utf8, const WordStyle& style) {
  std::string words;
  std::string chunk;
  std::string word;
  std::size_t limit = style.first_size;
  while (!utf8.empty()) {
    const std::size_t size = character_size(utf8);
    const auto octets =
        convert_charset(chunk + std::string(utf8.substr(0, size)), "utf-8", style.charset);
    if (!octets) {
      return std::nullopt;
    }
    std::string longer = encode_word(*octets, style);
    if (longer.size() > limit && !chunk.empty()) {
      words.append(words.empty() ? "" : style.between).append(word);
      chunk.clear();
      limit = 75;
      continue;
    }
    chunk.append(utf8.substr(0, size));
    word = std::move(longer);
    utf8.remove_prefix(size);
  }
  return words + std::string(words.empty() ? "" : style.between) + word;
}

std::vector<WordStyle> styles_for(const std::optional<Word>& first) {
  std::vector<std::string> charsets = {"utf-8", "UTF-8"};
  if (first) {
    charsets.insert(charsets.begin(), first->charset);
  }
  for (const char* name : {"iso-8859-1", "ISO-8859-1", "windows-1252", "Windows-1252"}) {
    charsets.emplace_back(name);
  }
  std::vector<WordStyle> styles;
  for (const std::string& charset : charsets) {
    for (const char encoding : {'B', 'Q', 'b', 'q'}) {
      for (const std::size_t first_size : {std::size_t{75}, std::size_t{66}, std::size_t{10'000}}) {
        styles.push_back({charset, encoding, true, first_size, " "});
        if (mail::to_lower(encoding) == 'q') {
          styles.push_back({charset, encoding, false, first_size, " "});
        }
      }
    }
  }
  return styles;
}

void add(FieldRepairs& repairs, ChangeId id, const mail::HeaderField& field, std::string value,
         bool is_likely = false) {
  repairs.push_back({id, {field.name, std::move(value)}, is_likely});
}

// Words without 8-bit characters stay as they are; those with, and all between two of them, become
// encoded words.
std::optional<std::string> encode_needed(std::string_view utf8, const WordStyle& style) {
  const auto first = std::ranges::find_if(utf8, mail::is_eight_bit);
  if (first == utf8.end()) {
    return std::nullopt;
  }
  const auto first_at = static_cast<std::size_t>(first - utf8.begin());
  std::size_t last = utf8.size();
  while (!mail::is_eight_bit(utf8[last - 1])) {
    --last;
  }
  const std::size_t begin = first_at == 0 ? 0 : utf8.rfind(' ', first_at) + 1;
  const std::size_t end = std::min(utf8.find(' ', last), utf8.size());
  const auto words = encode_text(utf8.substr(begin, end - begin), style);
  return words ? std::optional(std::string(utf8.substr(0, begin)) + *words +
                               std::string(utf8.substr(end)))
               : std::nullopt;
}

void add_encodings(const mail::HeaderField& field, std::string_view text,
                   const std::optional<Word>& first, ChangeId id, FieldRepairs& repairs) {
  for (const WordStyle& style : styles_for(first)) {
    if (repairs.size() >= max_field_repairs) {
      return;
    }
    for (const auto& encoded : {encode_text(text, style), encode_needed(text, style)}) {
      if (encoded) {
        add(repairs, id, field, " " + *encoded);
      }
    }
  }
}

bool is_tag(std::string_view prefix) {
  const std::string_view text = mail::trimmed(prefix);
  const bool is_bracketed = text.size() > 2 && std::string_view("[({*<").contains(text.front()) &&
                            std::string_view("])}*>:").contains(text.back());
  return is_bracketed || text.ends_with(':');
}

// The texts without something at the beginning.
void add_without_beginning(std::string_view text,
                           std::vector<std::pair<std::string, bool>>& texts) {
  for (std::size_t i = 1; i < std::min(text.size(), std::size_t{120}); ++i) {
    const char before = text[i - 1];
    const bool is_seam = mail::is_blank(before) || std::string_view("])}:*>").contains(before);
    if (is_seam && !mail::is_blank(text[i])) {
      texts.emplace_back(text.substr(i), is_tag(text.substr(0, i)));
    }
  }
}

void add_without_group(std::string_view text, std::vector<std::pair<std::string, bool>>& texts) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const std::size_t kind = std::string_view("[({").find(text[i]);
    const std::size_t end = kind == std::string_view::npos ? kind : text.find("])}"[kind], i);
    if (end == std::string_view::npos) {
      continue;
    }
    const std::size_t after = std::min(text.find_first_not_of(' ', end + 1), text.size());
    texts.emplace_back(std::string(text.substr(0, i)) + std::string(text.substr(after)), true);
    texts.emplace_back(std::string(text.substr(0, i)) + std::string(text.substr(end + 1)), false);
  }
}

void add_without_end(std::string_view text, std::vector<std::pair<std::string, bool>>& texts) {
  for (std::size_t i = text.size(); i-- > 1;) {
    if (mail::is_blank(text[i])) {
      texts.emplace_back(text.substr(0, i), text.ends_with(']') || text.ends_with(')'));
    }
  }
}

std::vector<std::pair<std::string, bool>> untagged(std::string_view text) {
  std::vector<std::pair<std::string, bool>> texts;
  add_without_beginning(text, texts);
  add_without_group(text, texts);
  add_without_end(text, texts);
  return texts;
}

void add_untagged_words(const mail::HeaderField& field, FieldRepairs& repairs) {
  const std::size_t start = std::min(field.value.find("=?"), field.value.size());
  const auto word = read_word(std::string_view(field.value).substr(start));
  if (!word) {
    return;
  }
  const std::string rest = field.value.substr(start + word->second);
  for (const auto& [text, is_likely] : untagged(word->first.octets)) {
    for (const bool escapes_all : {true, false}) {
      add(repairs, ChangeId::head_subject_tag, field,
          field.value.substr(0, start) +
              encode_word(text, {word->first.charset, word->first.encoding, escapes_all}) + rest,
          is_likely);
    }
    if (is_ascii(text)) {
      add(repairs, ChangeId::head_subject_tag, field, field.value.substr(0, start) + text + rest,
          is_likely);
    }
  }
  const auto decoded = decode_words(mail::trimmed<mail::is_folding_white_space>(field.value));
  for (const auto& [text, is_likely] :
       decoded ? untagged(decoded->text) : decltype(untagged(""))()) {
    if (is_likely) {
      add(repairs, ChangeId::head_subject_tag, field, " " + text);
      add_encodings(field, text, decoded->first, ChangeId::head_subject_tag, repairs);
    }
  }
}

}  // namespace

void add_subject_repairs(const mail::HeaderField& field, FieldRepairs& repairs) {
  if (field.value.size() > max_subject) {
    return;
  }
  const std::size_t lead = std::min(field.value.find_first_not_of(" \t\r\n"), field.value.size());
  for (const auto& [text, is_likely] : untagged(std::string_view(field.value).substr(lead))) {
    const std::size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    add(repairs, ChangeId::head_subject_tag, field,
        field.value.substr(0, lead) + text.substr(first), is_likely);
  }
  add_untagged_words(field, repairs);
}

void add_word_repairs(const mail::HeaderField& field, FieldRepairs& repairs) {
  const std::string_view value = mail::trimmed<mail::is_folding_white_space>(field.value);
  if (value.size() > max_subject) {
    return;
  }
  if (value.contains("=?")) {
    const auto decoded = decode_words(value);
    if (decoded) {
      add(repairs, ChangeId::head_8bit, field, " " + decoded->text, true);
      add_encodings(field, decoded->text, decoded->first, ChangeId::head_word, repairs);
    }
    return;
  }
  if (!is_ascii(value)) {
    const auto utf8 = convert_charset(value, "utf-8", "utf-8");
    const auto from_latin = convert_charset(value, "windows-1252", "utf-8");
    const std::string text = utf8.value_or(from_latin.value_or(""));
    add(repairs, ChangeId::head_8bit, field,
        " " + convert_charset(text, "utf-8", "iso-8859-1").value_or(""));
    add(repairs, ChangeId::head_8bit, field, " " + text);
    add_encodings(field, text, std::nullopt, ChangeId::head_8bit, repairs);
  }
}

}  // namespace sekisho::dkim_diagnosis
