// DKIM-Signature, ARC-Message-Signature and ARC-Seal.
#include "mail/ascii.hpp"
#include "mail/tag_list.hpp"
#include "report/failure/redacted_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace sekisho::report::failure {

namespace {

enum class TagKind : std::uint8_t {
  word,    // one word of a registry, or a number
  octets,  // base64
  names,   // of header fields, with colons between them
  domain,
  identity,  // i=: an instance in ARC, an address in DKIM
};

struct KnownTag {
  std::string_view name;
  TagKind kind = TagKind::word;
};

// RFC 6376 §3.5, RFC 8617 §4.1. Without z=, which has whole fields in it.
constexpr std::array<KnownTag, 14> tags{{
    {"v", TagKind::word},
    {"a", TagKind::word},
    {"b", TagKind::octets},
    {"bh", TagKind::octets},
    {"c", TagKind::word},
    {"cv", TagKind::word},
    {"d", TagKind::domain},
    {"h", TagKind::names},
    {"i", TagKind::identity},
    {"l", TagKind::word},
    {"q", TagKind::word},
    {"s", TagKind::word},
    {"t", TagKind::word},
    {"x", TagKind::word},
}};

bool is_made_of(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text,
                             [&](char c) { return mail::is_alphanumeric(c) || more.contains(c); });
}

std::string kept(std::string_view value, std::string_view more, const Redactor& redactor) {
  return is_made_of(value, more) ? std::string(value) : redactor.pseudonym(value);
}

// RFC 8617 §4.2.1.
bool is_instance(std::string_view text) {
  return !text.empty() && text.size() <= 2 && std::ranges::all_of(text, mail::is_digit);
}

std::string redacted_tag(TagKind kind, std::string_view value, const Redactor& redactor) {
  switch (kind) {
    case TagKind::word:
      return kept(value, "._-/", redactor);
    case TagKind::octets:
      return kept(value, "+/= \t", redactor);
    case TagKind::names:
      return kept(value, "-_.: \t", redactor);
    case TagKind::domain:
      return redactor.domain(value);
    case TagKind::identity:
      return is_instance(value) ? std::string(value) : redactor.mailbox(value);
  }
  std::unreachable();
}

}  // namespace

std::optional<std::string> redacted_tags(std::string_view value, const Redactor& redactor) {
  const auto list = mail::TagList::parse(value);
  if (!list) {
    return std::nullopt;
  }
  std::string text;
  for (const mail::Tag& tag : list->tags()) {
    const auto* const known = std::ranges::find(tags, tag.name, &KnownTag::name);
    if (known != tags.end()) {
      text.append(text.empty() ? " " : "; ").append(tag.name).append("=");
      text += redacted_tag(known->kind, tag.value, redactor);
    }
  }
  return text;
}

}  // namespace sekisho::report::failure
