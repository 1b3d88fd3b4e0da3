// Links that a filter has replaced with its own, put back.
#include "dkim_diagnosis/body_repairs.hpp"
#include "dkim_diagnosis/canonical_body.hpp"
#include "dkim_diagnosis/content_coding.hpp"
#include "mail/ascii.hpp"

#include <algorithm>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_link = 8'192;
constexpr std::size_t max_links = 10'000;

bool ends_link(char c) {
  return mail::is_folding_white_space(c) || c == '"' || c == '\'' || c == '<' || c == '>' ||
         c == ')' || c == ']';
}

std::string decode_percent(std::string_view text) {
  // The same code as quoted-printable but for the sign.
  std::string coded(text);
  std::ranges::replace(coded, '%', '=');
  return text.contains('=') ? std::string(text) : decode_quoted_printable(coded);
}

bool is_link(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://") ||
         text.starts_with("mailto:") || text.starts_with("ftp://");
}

std::optional<std::string_view> query_value(std::string_view link, std::string_view name) {
  for (std::size_t at = link.find('?'); at != std::string_view::npos; at = link.find('&', at + 1)) {
    std::string_view rest = link.substr(at + 1);
    if (rest.starts_with("amp;")) {
      rest.remove_prefix(4);
    }
    if (rest.starts_with(name) && rest.substr(name.size()).starts_with('=')) {
      rest.remove_prefix(name.size() + 1);
      return rest.substr(0, rest.find('&'));
    }
  }
  return std::nullopt;
}

// urldefense, version 2: `-` for `%` and `_` for `/`.
std::optional<std::string> read_urldefense_2(std::string_view link) {
  auto value = link.contains("/v2/url") ? query_value(link, "u") : std::nullopt;
  if (!value) {
    return std::nullopt;
  }
  std::string coded(*value);
  std::ranges::replace(coded, '-', '%');
  std::ranges::replace(coded, '_', '/');
  return decode_percent(coded);
}

// Version 3: the link stands between two underscores, replaced characters behind it.
std::optional<std::string> read_urldefense_3(std::string_view link) {
  const std::size_t begin = link.find("/v3/__");
  const std::size_t end = begin == std::string_view::npos ? begin : link.find("__;", begin + 6);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = link.substr(end + 3);
  const auto replaced = decode_base64_text([&] {
    std::string text(rest.substr(0, rest.find('!')));
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
  }());
  std::string old(link.substr(begin + 6, end - begin - 6));
  std::size_t next = 0;
  for (char& c : old) {
    if (c == '*' && replaced && next < replaced->size()) {
      c = (*replaced)[next++];
    }
  }
  const std::size_t slash = old.find(":/");
  if (slash != std::string::npos && !old.substr(slash).starts_with("://")) {
    old.insert(slash + 1, 1, '/');
  }
  return old;
}

std::optional<std::string> old_link(std::string_view link) {
  std::optional<std::string> old = read_urldefense_3(link);
  if (!old) {
    old = read_urldefense_2(link);
  }
  for (const std::string_view name :
       {"url", "u", "a", "q", "link", "target", "redirect", "to", "r", "dest", "domain"}) {
    const auto value = old ? std::nullopt : query_value(link, name);
    if (value && is_link(decode_percent(*value))) {
      old = decode_percent(*value);
    }
  }
  return old && is_link(*old) ? old : std::nullopt;
}

std::vector<Splice> find_links(std::string_view text, bool keeps_entities) {
  std::vector<Splice> splices;
  for (std::size_t at = text.find("http");
       at != std::string_view::npos && splices.size() < max_links;) {
    const std::string_view rest = text.substr(at, max_link);
    const auto size =
        static_cast<std::size_t>(std::ranges::find_if(rest, ends_link) - rest.begin());
    auto old = is_link(rest) ? old_link(rest.substr(0, size)) : std::nullopt;
    if (old) {
      std::string shown;
      for (const char c : *old) {
        shown += keeps_entities && c == '&' ? std::string("&amp;") : std::string(1, c);
      }
      splices.push_back({at, at + size, std::move(shown)});
    }
    at = text.find("http", at + std::max<std::size_t>(size, 1));
  }
  return splices;
}

// Links in quoted-printable, whose lines the filter has written again.
bool repair_coded_links(const BodyView& view, std::size_t number, const RepairSink& sink) {
  const Part& part = view.structure.leaves[number];
  const Encoding encoding = read_encoding(part.content.encoding);
  const std::string_view coded = view.text.substr(part.begin, part.end - part.begin);
  const auto text = encoding == Encoding::quoted_printable ? decode_quoted_printable(coded)
                                                           : decode_base64_text(coded).value_or("");
  for (const bool keeps_entities : {true, false}) {
    const std::vector<Splice> links = find_links(text, keeps_entities && part.is_html());
    if (links.empty()) {
      return false;
    }
    const std::string repaired = spliced(text, links);
    const auto offer = [&](std::string recoded) {
      return sink({.id = ChangeId::body_urls,
                   .part = view.structure.leaves.size() > 1 ? number + 1 : 0,
                   .splices = {{part.begin, part.end, std::move(recoded)}}});
    };
    if (encoding == Encoding::base64) {
      const std::size_t width = std::min(coded.find("\r\n"), coded.size());
      if (offer(fold_base64(encode_base64_text(repaired), width))) {
        return true;
      }
      continue;
    }
    for (const std::size_t length : {76U, 75U, 73U, 72U}) {
      if (offer(encode_quoted_printable(repaired, {.line_length = length}))) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

bool repair_links(const BodyView& view, const RepairSink& sink) {
  for (const bool keeps_entities : {true, false}) {
    const Repair repair{.id = ChangeId::body_urls,
                        .splices = find_links(view.text, keeps_entities)};
    if (!repair.splices.empty() && sink(repair)) {
      return true;
    }
  }
  for (std::size_t i = 0; i < view.structure.leaves.size(); ++i) {
    if (read_encoding(view.structure.leaves[i].content.encoding) != Encoding::none &&
        view.structure.leaves[i].is_text() && repair_coded_links(view, i, sink)) {
      return true;
    }
  }
  return false;
}

}  // namespace sekisho::dkim_diagnosis
