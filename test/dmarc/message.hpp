// One message as DMARC sees it, and its evaluation over records from a table.
#pragma once

#include "dmarc/evaluate.hpp"
#include "support/fake_resolver.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::dmarc {

[[nodiscard]] mail::Domain domain(std::string_view text);

struct Message {
  std::string author = "example.com";
  std::string spf_domain;  ///< Empty: SPF none.
  spf::ResultCode spf = spf::ResultCode::pass;
  std::vector<std::string> dkim_domains;  ///< One signature each.
  dkim::ResultCode dkim = dkim::ResultCode::pass;
};

/// `records`: pairs of domain and the text at its `_dmarc` name.
using Records = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] std::shared_ptr<test::FakeResolver> resolver_with(const Records& records);
[[nodiscard]] Result evaluate(const std::shared_ptr<test::FakeResolver>& resolver,
                              const Message& message, const Options& options = {},
                              unsigned draw = 0);
[[nodiscard]] Result evaluate(const Records& records, const Message& message);

/// "-" where it has none.
[[nodiscard]] std::string text_of(const std::optional<mail::Domain>& domain);

}  // namespace sekisho::dmarc
