// Whatever a zone holds, the check of a domain ends within its budget, and what it prints of the
// zone has no control characters.
#include "domain_check/domain_check.hpp"

#include "dns/zone_file.hpp"
#include "domain_check/memory.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

using namespace sekisho;

namespace {

void require_printable(const std::string& text) {
  if (std::ranges::any_of(text, [](char c) { return c < ' ' || c > '~'; })) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto zone = dns::ZoneFile::parse(text, "fuzz.zone");
  if (!zone) {
    return 0;
  }
  constexpr std::size_t budget = 400;
  const auto memory = std::make_shared<domain_check::Memory>(
      std::shared_ptr<dns::ZoneFile>(*std::move(zone)), budget);
  const dns::Lookups lookups(
      memory,
      {.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5}, .limit = SIZE_MAX});
  domain_check::Options options;
  options.selectors = {"s"};
  options.parked = size % 2 == 1;
  const auto report =
      domain_check::check_domain(lookups, mail::Domain::parse("a.example").value(), options);
  for (const auto& finding : report.outcomes.findings()) {
    require_printable(finding.name + finding.evidence + finding.publish);
  }
  return memory->questions() <= budget ? 0 : 1;
}
