// A tag list: DKIM-Signature, ARC fields, DKIM keys and DMARC records.
#include "mail/tag_list.hpp"

#include "fuzz/text_of.hpp"
#include "mail/header_field.hpp"

using namespace sekisho;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto list = mail::TagList::parse(text);
  if (!list) {
    return 0;
  }
  require(!list->tags().empty() && list->tags().size() <= mail::TagList::max_tags);
  require(mail::is_clean_value(text));
  const char* before = text.data();
  for (const mail::Tag& tag : list->tags()) {
    require(!tag.name.empty() && !tag.value.contains(';'));
    require(list->find(tag.name) == tag.value);  // no name occurs twice
    require(tag.name.data() >= before);
    require(tag.value.empty() || tag.value.data() > tag.name.data());
    before = tag.name.data() + tag.name.size();
    require(before <= text.data() + text.size());
  }
  return 0;
}
