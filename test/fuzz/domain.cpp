// A domain name in A-labels, U-labels or neither.
#include "mail/domain.hpp"

#include "fuzz/text_of.hpp"
#include "mail/letter_case.hpp"

#include <algorithm>

using namespace sekisho;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string small = mail::to_small_letters(fuzz::text_of(data, size));
  require(small.size() == size && mail::to_small_letters(small) == small);
  const auto domain = mail::Domain::parse(fuzz::text_of(data, size));
  if (!domain) {
    return 0;
  }
  const std::string& text = domain->text();
  require(!text.empty() && text.size() <= 253 && !text.ends_with('.') && !text.contains(".."));
  require(std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  }));
  require(mail::Domain::parse(text) == domain);
  require(mail::Domain::parse(domain->unicode()) == domain);
  for (std::size_t count = 1; count <= domain->label_count(); ++count) {
    const mail::Domain suffix = domain->suffix(count);
    require(suffix.label_count() == count && domain->is_within(suffix));
  }
  require(domain->suffix(domain->label_count()) == *domain);
  return 0;
}
