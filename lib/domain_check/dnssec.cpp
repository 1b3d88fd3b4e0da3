#include "domain_check/dnssec.hpp"

#include "crypto/digest.hpp"
#include "crypto/hexadecimal.hpp"
#include "dns/wire.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

namespace sekisho::domain_check {

namespace {

using dns::DelegationSigner;
using dns::RecordType;

constexpr std::uint16_t type_rrsig = 46;  // RFC 4034 §3; no answer holds these

constexpr std::chrono::days soon{3};
constexpr std::size_t max_questions = 12;

std::string subject_of(const std::string& name, RecordType type) {
  return std::string(dns::format_type(type)) + ' ' + name;
}

std::span<const std::uint8_t> octets_of(std::string_view data) {
  return {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
}

template <typename Data>
std::optional<Data> read(std::string_view octets, RecordType type) {
  dns::WireReader reader(octets_of(octets));
  const auto record = dns::read_record_data(reader, type, octets.size());
  return record ? std::optional(std::get<Data>(*record)) : std::nullopt;
}

/// A DNSKEY record, and its octets, of which tags and digests are made.
struct Key {
  dns::ZoneKey record;
  std::string octets;
};

// RFC 4034 §2.1.1: the key that the parent has a DS record of.
bool is_entry_point(const Key& key) {
  return (key.record.flags & 1U) != 0;
}

// RFC 4034 appendix B.
std::uint32_t tag_of(const Key& key) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < key.octets.size(); ++i) {
    const auto octet = static_cast<std::uint8_t>(key.octets[i]);
    sum += i % 2 == 0 ? std::uint32_t{octet} << 8U : octet;
  }
  return (sum + (sum >> 16U)) & 0xFFFFU;
}

// RFC 4034 §5.1.4. Nullopt for a digest that we cannot compute.
std::optional<std::string> digest_of(const mail::Domain& zone, const Key& key,
                                     std::uint8_t digest_type) {
  const auto name = dns::encode_name(zone.text());
  if (!name || (digest_type != 1 && digest_type != 2)) {
    return std::nullopt;
  }
  crypto::Digest digest(digest_type == 1 ? crypto::HashAlgorithm::sha1
                                         : crypto::HashAlgorithm::sha256);
  digest.update(std::string(name->begin(), name->end()));
  digest.update(key.octets);
  const crypto::Bytes bytes = digest.finish();
  return std::string(bytes.begin(), bytes.end());
}

bool is_of(const DelegationSigner& delegation, const mail::Domain& zone, const Key& key) {
  return delegation.key_tag == tag_of(key) && delegation.algorithm == key.record.algorithm &&
         digest_of(zone, key, delegation.digest_type).value_or(delegation.digest) ==
             delegation.digest;
}

// The DS record that the parent should have.
std::string line_for(const mail::Domain& zone, const Key& key) {
  return zone.text() + ". 3600 IN DS " + std::to_string(tag_of(key)) + ' ' +
         std::to_string(key.record.algorithm) + " 2 " +
         crypto::encode_hexadecimal(std::string_view(digest_of(zone, key, 2).value_or("")));
}

// RFC 4034 §3.1: behind type, algorithm, labels and TTL.
std::optional<std::chrono::sys_seconds> end_of_signature(std::string_view octets) {
  constexpr std::size_t before = 8;
  dns::WireReader reader(octets_of(octets));
  reader.skip(before);
  const std::uint32_t seconds = reader.u32();
  return reader.failed() ? std::nullopt
                         : std::optional(std::chrono::sys_seconds(std::chrono::seconds(seconds)));
}

class Chain {
 public:
  Chain(Examination& examination, Validator& validator)
      : outcomes_(examination.outcomes), examination_(examination), validator_(validator) {}

  void check() {
    if (validate("", RecordType::soa).security != Security::secure) {
      outcomes_.unknown(Check::dnssec_bogus, examination_.domain.text(), "SOA .",
                        "no chain of trust from the anchor to the root");
      return;
    }
    check_delegation();
    check_answers();
    check_signatures();
  }

 private:
  Validated validate(const std::string& name, RecordType type) {
    return validator_.validate(name, dns::type_number(type));
  }

  std::optional<std::vector<std::string>> ask(Check check, const std::string& name,
                                              RecordType type) {
    auto records = validator_.unchecked(name, dns::type_number(type));
    if (!records) {
      outcomes_.unknown(check, name, subject_of(name, type),
                        std::string(dns::format_status(records.error())));
      return std::nullopt;
    }
    return *std::move(records);
  }

  void check_delegation() {
    for (std::size_t labels = examination_.domain.label_count(); labels > 0; --labels) {
      const mail::Domain zone = examination_.domain.suffix(labels);
      const auto records = ask(Check::dnssec_ds_mismatch, zone.text(), RecordType::ds);
      if (!records) {
        return;
      }
      std::vector<DelegationSigner> delegations;
      for (const std::string& record : *records) {
        auto delegation = read<DelegationSigner>(record, RecordType::ds);
        if (delegation && !delegation->digest.empty()) {
          delegations.push_back(*std::move(delegation));
        }
      }
      if (!delegations.empty()) {
        compare(zone, delegations);
        return;
      }
    }
  }

  std::optional<std::vector<Key>> ask_keys(const mail::Domain& zone) {
    const auto records = ask(Check::dnssec_ds_mismatch, zone.text(), RecordType::dnskey);
    if (!records) {
      return std::nullopt;
    }
    std::vector<Key> keys;
    for (const std::string& record : *records) {
      auto key = read<dns::ZoneKey>(record, RecordType::dnskey);
      if (key && !key->key.empty()) {
        keys.push_back({*std::move(key), record});
      }
    }
    return keys;
  }

  void compare(const mail::Domain& zone, const std::vector<DelegationSigner>& delegations) {
    const auto keys = ask_keys(zone);
    if (!keys) {
      return;
    }
    is_signed_ = true;
    judge_algorithms(zone, delegations);
    const bool is_matched =
        std::ranges::any_of(delegations, [&](const DelegationSigner& delegation) {
          return std::ranges::any_of(*keys,
                                     [&](const Key& key) { return is_of(delegation, zone, key); });
        });
    if (is_matched) {
      outcomes_.good(Check::dnssec_ds_mismatch, zone.text());
      return;
    }
    Finding& finding = outcomes_.bad(
        Check::dnssec_ds_mismatch, zone.text(),
        keys->empty() ? "DS records, but no DNSKEY records" : "no DNSKEY record is that of a DS");
    const auto entry = std::ranges::find_if(*keys, is_entry_point);
    if (entry != keys->end()) {
      finding.publish = line_for(zone, *entry);
    }
  }

  // RFC 8624 §3.1, §3.3.
  void judge_algorithms(const mail::Domain& zone,
                        const std::vector<DelegationSigner>& delegations) {
    const auto all = [&](auto is_poor) { return std::ranges::all_of(delegations, is_poor); };
    const std::string number = std::to_string(delegations.front().algorithm);
    if (all([](const DelegationSigner& one) {
          return one.algorithm == 1 || one.algorithm == 3 || one.algorithm == 6 ||
                 one.algorithm == 12;
        })) {
      outcomes_
          .bad(Check::dnssec_algorithm, zone.text(),
               "algorithm " + number + ", which resolvers do not validate")
          .level = Level::error;
    } else if (all([](const DelegationSigner& one) {
                 return one.algorithm == 5 || one.algorithm == 7;
               })) {
      outcomes_.bad(Check::dnssec_algorithm, zone.text(), "algorithm " + number + " with SHA-1");
    } else if (all([](const DelegationSigner& one) { return one.digest_type == 1; })) {
      outcomes_.bad(Check::dnssec_algorithm, zone.text(), "all DS records have SHA-1");
    } else {
      outcomes_.good(Check::dnssec_algorithm, zone.text());
    }
  }

  void check_answers() {
    const std::string& domain = examination_.domain.text();
    std::vector<dns::Question> questions{
        {domain, RecordType::mx}, {domain, RecordType::txt}, {"_dmarc." + domain, RecordType::txt}};
    for (const std::string& selector : examination_.options.selectors) {
      questions.push_back({selector + "._domainkey." + domain, RecordType::txt});
    }
    questions.resize(std::min(questions.size(), max_questions));
    for (const auto& [name, type] : questions) {
      judge(name, type);
    }
  }

  void judge(const std::string& name, RecordType type) {
    const Validated answer = validate(name, type);
    const std::string subject = subject_of(name, type);
    if (answer.security == Security::bogus) {
      outcomes_.bad(Check::dnssec_bogus, subject, shown(answer.why));
      return;
    }
    if (dns::is_temporary(answer.status)) {
      outcomes_.unknown(Check::dnssec_bogus, subject, subject,
                        std::string(dns::format_status(answer.status)));
      return;
    }
    outcomes_.good(Check::dnssec_bogus, subject);
    if (answer.security == Security::insecure) {
      const Validated alias = validate(name, RecordType::cname);
      if (alias.status == dns::Status::found && alias.security == Security::secure) {
        outcomes_.bad(Check::dnssec_insecure_link, subject,
                      "the name is a signed alias of a name that is not signed");
      }
    }
  }

  // Many servers answer such a question in part or not at all (RFC 8482): no answer is no finding.
  void check_signatures() {
    const std::string& domain = examination_.domain.text();
    const auto signatures =
        is_signed_ ? validator_.unchecked(domain, type_rrsig) : std::vector<std::string>();
    if (!signatures || signatures->empty()) {
      return;
    }
    std::optional<std::chrono::sys_seconds> end;
    for (const std::string& signature : *signatures) {
      if (const auto one = end_of_signature(signature)) {
        end = end ? std::min(*end, *one) : one;
      }
    }
    const auto time = examination_.options.time;
    if (!end || *end > time + soon) {
      outcomes_.good(Check::dnssec_expires, domain);
      return;
    }
    const bool has_ended = *end <= time;
    const auto hours =
        std::chrono::floor<std::chrono::hours>(has_ended ? time - *end : *end - time).count();
    outcomes_
        .bad(Check::dnssec_expires, domain,
             has_ended ? "a signature ended " + std::to_string(hours) + " hours ago"
                       : "a signature ends in " + std::to_string(hours) + " hours")
        .level = has_ended ? Level::error : Level::warning;
  }

  Outcomes& outcomes_;
  Examination& examination_;
  Validator& validator_;
  bool is_signed_ = false;
};

}  // namespace

void check_chain(Examination& examination) {
  if (examination.options.validator) {
    Chain(examination, *examination.options.validator).check();
  }
}

}  // namespace sekisho::domain_check
