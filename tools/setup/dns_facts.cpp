#include "tools/setup/dns_facts.hpp"

#include "mail/ascii.hpp"
#include "spf/check_host.hpp"
#include "tools/config/doubts.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace sekisho::tools::setup {

namespace {

struct Range {
  std::string_view network;
  unsigned prefix_length;
};
constexpr std::array<Range, 10> not_public{{{"0.0.0.0", 8},
                                            {"10.0.0.0", 8},
                                            {"100.64.0.0", 10},
                                            {"127.0.0.0", 8},
                                            {"169.254.0.0", 16},
                                            {"172.16.0.0", 12},
                                            {"192.168.0.0", 16},
                                            {"::", 127},
                                            {"fc00::", 7},
                                            {"fe80::", 10}}};

// Records at the name that begin with the tag; the others are none of ours.
PublishedText published(const dns::Answer& answer, std::string_view tag) {
  PublishedText published{answer.status, {}};
  for (const dns::Text* const text : answer.all<dns::Text>()) {
    const std::string_view data = text->data;
    const bool ends =
        data.size() == tag.size() ||
        (data.size() > tag.size() && (data[tag.size()] == ' ' || data[tag.size()] == ';'));
    if (mail::equals_ignoring_case(data.substr(0, tag.size()), tag) && ends) {
      published.records.push_back(text->data);
    }
  }
  return published;
}

spf::Request request_for(const mail::Domain& domain, const dns::IpAddress& sender,
                         const std::string& host_name) {
  return {.client = sender,
          .helo = host_name,
          .sender = "postmaster@" + domain.text(),
          .receiver = host_name,
          .now = std::chrono::duration_cast<std::chrono::seconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count()};
}

}  // namespace

bool is_public(const dns::IpAddress& address) {
  return std::ranges::none_of(not_public, [&](const Range& range) {
    return address.is_in(*dns::IpAddress::parse(range.network), range.prefix_length);
  });
}

Validation gather_validation(const MakeLookups& lookups) {
  const dns::Answer answer = lookups().lookup(probed_name, dns::RecordType::txt).get();
  if (dns::is_temporary(answer.status)) {
    return Validation::no_answer;
  }
  return answer.authentic ? Validation::validates : Validation::does_not_validate;
}

std::vector<AddressFacts> gather_addresses(const std::vector<dns::IpAddress>& addresses,
                                           const MakeLookups& lookups) {
  std::vector<AddressFacts> facts;
  for (const dns::IpAddress& address : addresses) {
    AddressFacts one{address, is_public(address), {}};
    if (one.is_public) {
      one.name = iprev::check(lookups(), address).get();
    }
    facts.push_back(std::move(one));
  }
  return facts;
}

void gather_records(DomainFacts& domain, const std::optional<dns::IpAddress>& sender,
                    const std::string& host_name, const MakeLookups& make_lookups) {
  const dns::Lookups lookups = make_lookups();
  const std::string& name = domain.domain.text();
  dns::Pending<dns::Answer> spf = lookups.lookup(name, dns::RecordType::txt);
  dns::Pending<dns::Answer> exchangers = lookups.lookup(name, dns::RecordType::mx);
  dns::Pending<dns::Answer> dmarc = lookups.lookup("_dmarc." + name, dns::RecordType::txt);
  dns::Pending<dns::Answer> tls = lookups.lookup("_smtp._tls." + name, dns::RecordType::txt);
  domain.spf = published(spf.get(), "v=spf1");
  const dns::Answer hosts = exchangers.get();
  domain.has_mail_exchanger = std::ranges::any_of(
      hosts.all<dns::MailExchange>(), [](const auto* exchange) { return !exchange->host.empty(); });
  domain.dmarc = published(dmarc.get(), "v=DMARC1");
  domain.tls_reporting = published(tls.get(), "v=TLSRPTv1");
  if (sender && domain.spf.records.size() == 1) {
    domain.spf_result =
        spf::check_mail_from(lookups, request_for(domain.domain, *sender, host_name), {})
            .get()
            .code;
  }
  for (KeyFacts& key : domain.keys) {
    key.publication = keys::check_publication(lookups, key.key).get().state;
  }
}

}  // namespace sekisho::tools::setup
