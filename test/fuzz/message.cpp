// A message as a file holds it: the reader, and the author that is found in what it read.
#include "fuzz/text_of.hpp"
#include "mail/author.hpp"
#include "mail/message_reader.hpp"

#include <sstream>
#include <string>

using namespace sekisho;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const mail::ReadLimits limits{.header_octets = 2'000, .header_fields = 20};
  std::istringstream input{std::string(fuzz::text_of(data, size))};
  mail::HeaderSection header;
  std::string body;
  int header_calls = 0;
  const mail::ReadReport report = mail::read_message(
      input, limits,
      [&](mail::HeaderSection section) {
        require(body.empty());
        header = std::move(section);
        ++header_calls;
      },
      [&body](std::string_view chunk) { body += chunk; });

  require(header_calls == 1);
  require(header.size() <= limits.header_fields + (report.over_limit ? 1 : 0));
  require(mail::restore_folds(body) == body);
  require(!report.header_cut || !body.empty());
  std::size_t octets = 0;
  for (const mail::HeaderField& field : header) {
    octets += field.name.size() + 1 + field.value.size() + 2;
    require(!field.name.empty() && mail::restore_folds(field.value) == field.value);
    require(!mail::unfold(field.value).contains('\n'));
  }
  const bool is_counted_over =
      octets > limits.header_octets || header.size() > limits.header_fields;
  require(is_counted_over == report.over_limit);

  const mail::Author author = mail::find_author(header);
  require((author.status == mail::AuthorStatus::single_domain) == author.reason.empty());
  require(!author.reason.empty() || author.domains.size() == 1);
  return 0;
}
