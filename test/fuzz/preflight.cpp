// A message of any octets, in two chunks: what is found is the same as in one, and every text of it
// can be printed.
#include "fuzz/text_of.hpp"
#include "preflight/form_reader.hpp"
#include "preflight/header_checks.hpp"
#include "preflight/unsubscribe.hpp"

#include <vector>

using namespace sekisho;
using fuzz::require;

namespace {

struct Reading {
  std::vector<preflight::Finding> findings;
  std::string body;
  mail::HeaderSection header;
};

Reading read(std::string_view first, std::string_view second) {
  Reading reading;
  preflight::FormReader form(
      {.header_octets = 4'000, .header_fields = 30}, reading.findings,
      [](const mail::HeaderSection&) {}, [&](std::string_view chunk) { reading.body += chunk; });
  form.add(first);
  form.add(second);
  form.finish();
  const mail::Author author = mail::find_author(form.header());
  preflight::check_from(form, author, reading.findings);
  preflight::check_header(form, author, std::chrono::sys_seconds{}, reading.findings);
  preflight::check_unsubscribe(form, {.kind = preflight::Kind::bulk}, reading.findings);
  static_cast<void>(preflight::one_click_uri(form.header()));
  reading.header = form.header();
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const Reading whole = read(text, "");
  const Reading parts = read(text.substr(0, size / 2), text.substr(size / 2));
  require(whole.header == parts.header);
  require(whole.body == parts.body);
  require(whole.findings.size() == parts.findings.size());
  for (std::size_t i = 0; i < whole.findings.size(); ++i) {
    const preflight::Finding& finding = whole.findings[i];
    require(finding.id == parts.findings[i].id);
    require(finding.evidence == parts.findings[i].evidence);
    require(preflight::printable(finding.evidence, 2'000) == finding.evidence);
    require(preflight::printable(finding.where.field, 2'000) == finding.where.field);
  }
  return 0;
}
