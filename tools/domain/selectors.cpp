#include "tools/domain/selectors.hpp"

#include "mail/ascii.hpp"
#include "mail/message_reader.hpp"
#include "mail/tag_list.hpp"
#include "tools/cli/message_file.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace sekisho::tools {

namespace {

constexpr std::size_t max_signatures = 100;

bool is_signature(std::string_view name) {
  const std::string_view names[] = {"DKIM-Signature", "ARC-Message-Signature", "ARC-Seal"};
  return std::ranges::any_of(names, [&](std::string_view signature) {
    return mail::equals_ignoring_case(name, signature);
  });
}

std::optional<NamedSelector> selector_of(std::string_view value) {
  const auto tags = mail::TagList::parse(value, mail::EmptyTags::skipped);
  if (!tags) {
    return std::nullopt;
  }
  const auto domain = mail::Domain::parse(tags->find("d").value_or(""));
  const std::string selector(tags->find("s").value_or(""));
  return domain && is_selector(selector) ? std::optional(NamedSelector{*domain, selector})
                                         : std::nullopt;
}

}  // namespace

bool is_selector(const std::string& text) {
  return mail::Domain::parse(text).has_value() && !text.ends_with('.');
}

std::vector<NamedSelector> selectors_of_header(const mail::HeaderSection& header) {
  std::vector<NamedSelector> selectors;
  for (const mail::HeaderField& field : header) {
    if (!is_signature(field.name) || selectors.size() == max_signatures) {
      continue;
    }
    if (auto selector = selector_of(field.value)) {
      selectors.push_back(*std::move(selector));
    }
  }
  return selectors;
}

std::expected<std::vector<NamedSelector>, Refusal> selectors_of_message(const std::string& path) {
  auto file = MessageFile::open(path);
  if (!file) {
    return std::unexpected(file.error());
  }
  std::vector<NamedSelector> selectors;
  file->read(
      {}, [&](const mail::HeaderSection& header) { selectors = selectors_of_header(header); },
      [](std::string_view) {});
  return selectors;
}

}  // namespace sekisho::tools
