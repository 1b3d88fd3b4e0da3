// Section [arc].
#include "config/option_row.hpp"

#include <array>

namespace sekisho::config {

template <>
struct Words<checkpoint::Seal> {
  static constexpr std::array<Word<checkpoint::Seal>, 3> all{
      {{"never", checkpoint::Seal::never},
       {"forwarded", checkpoint::Seal::forwarded},
       {"always", checkpoint::Seal::always}}};
};

namespace {

std::optional<std::string> check_domain(const std::string& text) {
  if (text.empty() || mail::Domain::parse(text)) {
    return std::nullopt;
  }
  return "a domain such as example.org";
}

}  // namespace

void add_arc_rows(std::vector<Option>& table) {
  table.push_back(row(
      "arc.max_sets", [](auto& o) -> auto& { return o.arc.validate.max_sets; },
      "Maximum number of ARC sets in a message; a chain with more fails.", counts(1, 50)));
  table.push_back(row(
      "arc.trusted_sealers", [](auto& o) -> auto& { return o.policy.trusted_sealers; },
      "Domains of sealers whose ARC chain, if it passes, overrides a DMARC failure."));
  table.push_back(row(
      "arc.seal", [](auto& o) -> auto& { return o.arc.seal; },
      "Messages from outside that get an ARC set."));
  table.push_back(row(
      "arc.local_domains", [](auto& o) -> auto& { return o.arc.local_domains; },
      "Domains of recipients whose mail is delivered here, for seal = \"forwarded\"."));
  table.push_back(row(
      "arc.domain", [](auto& o) -> auto& { return o.arc.domain; }, "Domain of the seal (d=).",
      Check<std::string>(check_domain)));
  table.push_back(row(
      "arc.selector", [](auto& o) -> auto& { return o.arc.selector; },
      "Selector of the seal (s=)."));
  table.push_back(row(
      "arc.key_file", [](auto& o) -> auto& { return o.arc.key_file; },
      "Private key of the seal, a PEM file."));
}

}  // namespace sekisho::config
