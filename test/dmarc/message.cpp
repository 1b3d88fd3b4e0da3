#include "dmarc/message.hpp"

#include <stdexcept>

namespace sekisho::dmarc {

mail::Domain domain(std::string_view text) {
  const auto parsed = mail::Domain::parse(text);
  if (!parsed) {
    throw std::invalid_argument("not a domain: " + std::string(text));
  }
  return *parsed;
}

std::shared_ptr<test::FakeResolver> resolver_with(const Records& records) {
  auto resolver = std::make_shared<test::FakeResolver>();
  for (const auto& [name, text] : records) {
    resolver->add_txt("_dmarc." + name, text);
  }
  return resolver;
}

Result evaluate(const std::shared_ptr<test::FakeResolver>& resolver, const Message& message,
                const Options& options, unsigned draw) {
  Evaluation evaluation(test::lookups_on(resolver), std::make_shared<const Options>(options));
  mail::Author author;
  author.status = mail::AuthorStatus::single_domain;
  author.domains = {domain(message.author)};
  evaluation.start_author(author.domains.front());

  spf::Result spf;
  if (!message.spf_domain.empty()) {
    spf.code = message.spf;
    spf.domain = message.spf_domain;
    evaluation.start_identifier(domain(message.spf_domain));
  }
  std::vector<dkim::Result> signatures;
  for (const std::string& signing_domain : message.dkim_domains) {
    dkim::Result signature;
    signature.code = message.dkim;
    signature.domain = domain(signing_domain);
    evaluation.start_identifier(*signature.domain);
    signatures.push_back(std::move(signature));
  }
  return evaluation.finish(author, spf, signatures, draw);
}

Result evaluate(const Records& records, const Message& message) {
  return evaluate(resolver_with(records), message);
}

std::string text_of(const std::optional<mail::Domain>& domain) {
  return domain ? domain->text() : "-";
}

}  // namespace sekisho::dmarc
