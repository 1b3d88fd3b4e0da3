// Records laid over the DNS: what would be if they were published.
#pragma once

#include "dns/resolver.hpp"
#include "dns/zone_file.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::domain_check {

/// Each set of a name and type in the overlay replaces that of the DNS.
class Overlay final : public dns::Resolver {
 public:
  Overlay(std::shared_ptr<dns::Resolver> base, std::unique_ptr<dns::ZoneFile> records);

  [[nodiscard]] dns::Pending<dns::Answer> lookup(dns::Question question,
                                                 dns::Deadline deadline) override;
  [[nodiscard]] dns::Pending<dns::Answer> lookup_for(const dns::AskerPtr& asker,
                                                     dns::Question question,
                                                     dns::Deadline deadline) override;
  void drop_given_up() noexcept override;

 private:
  std::shared_ptr<dns::Resolver> base_;
  std::shared_ptr<dns::ZoneFile> records_;
};

/// Reads records `NAME TYPE "DATA"`, with names below `domain` unless they end with a dot, `@` for
/// the domain itself. The error names the record.
[[nodiscard]] std::expected<std::unique_ptr<dns::ZoneFile>, std::string> parse_overlay(
    const std::vector<std::string>& records, const std::string& domain);

}  // namespace sekisho::domain_check
