#include "domain_check/dnssec.hpp"

#include "crypto/digest.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace sekisho::domain_check {

namespace {

// RFC 1035 §3.2.2, RFC 4034.
constexpr std::uint16_t type_cname = 5;
constexpr std::uint16_t type_soa = 6;
constexpr std::uint16_t type_mx = 15;
constexpr std::uint16_t type_txt = 16;
constexpr std::uint16_t type_ds = 43;
constexpr std::uint16_t type_rrsig = 46;
constexpr std::uint16_t type_dnskey = 48;

constexpr std::chrono::days soon{3};
constexpr std::size_t max_questions = 12;

std::string_view word_of(std::uint16_t type) {
  switch (type) {
    case type_mx:
      return "MX";
    case type_ds:
      return "DS";
    case type_rrsig:
      return "RRSIG";
    case type_dnskey:
      return "DNSKEY";
    default:
      return "TXT";
  }
}

std::string subject_of(const std::string& name, std::uint16_t type) {
  return std::string(word_of(type)) + ' ' + name;
}

std::uint32_t number_at(std::string_view octets, std::size_t begin, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = begin; i < begin + size; ++i) {
    number = number << 8U | static_cast<std::uint8_t>(octets[i]);
  }
  return number;
}

// RFC 4034 §5.1.
struct Delegation {
  std::uint32_t tag = 0;
  std::uint32_t algorithm = 0;
  std::uint32_t digest_type = 0;
  std::string digest;
};

std::optional<Delegation> delegation_of(std::string_view octets) {
  constexpr std::size_t head = 4;
  if (octets.size() <= head) {
    return std::nullopt;
  }
  return Delegation{number_at(octets, 0, 2), number_at(octets, 2, 1), number_at(octets, 3, 1),
                    std::string(octets.substr(head))};
}

// RFC 4034 §2.1: flags, protocol, algorithm, key.
constexpr std::size_t key_head = 4;

std::uint32_t algorithm_of(std::string_view key) {
  return number_at(key, 3, 1);
}

// RFC 4034 appendix B.
std::uint32_t tag_of(std::string_view key) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const auto octet = static_cast<std::uint8_t>(key[i]);
    sum += i % 2 == 0 ? std::uint32_t{octet} << 8U : octet;
  }
  return (sum + (sum >> 16U)) & 0xFFFFU;
}

std::string wire_name(const mail::Domain& zone) {
  std::string wire;
  const std::string& text = zone.text();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    wire += static_cast<char>(end - begin);
    wire += text.substr(begin, end - begin);
    begin = end + 1;
  }
  return wire + '\0';
}

// RFC 4034 §5.1.4. Nullopt for a digest that we cannot compute.
std::optional<std::string> digest_of(const mail::Domain& zone, std::string_view key,
                                     std::uint32_t digest_type) {
  if (digest_type != 1 && digest_type != 2) {
    return std::nullopt;
  }
  crypto::Digest digest(digest_type == 1 ? crypto::HashAlgorithm::sha1
                                         : crypto::HashAlgorithm::sha256);
  digest.update(wire_name(zone));
  digest.update(key);
  const crypto::Bytes bytes = digest.finish();
  return std::string(bytes.begin(), bytes.end());
}

bool is_of(const Delegation& delegation, const mail::Domain& zone, const std::string& key) {
  return delegation.tag == tag_of(key) && delegation.algorithm == algorithm_of(key) &&
         digest_of(zone, key, delegation.digest_type).value_or(delegation.digest) ==
             delegation.digest;
}

std::string hexadecimal(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char octet : octets) {
    text += digits[static_cast<std::uint8_t>(octet) >> 4U];
    text += digits[static_cast<std::uint8_t>(octet) & 15U];
  }
  return text;
}

// The DS record that the parent should have.
std::string line_for(const mail::Domain& zone, const std::string& key) {
  return zone.text() + ". 3600 IN DS " + std::to_string(tag_of(key)) + ' ' +
         std::to_string(algorithm_of(key)) + " 2 " +
         hexadecimal(digest_of(zone, key, 2).value_or(""));
}

class Chain {
 public:
  Chain(Examination& examination, Validator& validator)
      : outcomes_(examination.outcomes), examination_(examination), validator_(validator) {}

  void check() {
    if (validator_.validate("", type_soa).security != Security::secure) {
      outcomes_.unknown(Check::dnssec_bogus, examination_.domain.text(), "SOA .",
                        "no chain of trust from the anchor to the root");
      return;
    }
    check_delegation();
    check_answers();
    check_signatures();
  }

 private:
  std::optional<std::vector<std::string>> ask(Check check, const std::string& name,
                                              std::uint16_t type) {
    auto records = validator_.unchecked(name, type);
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
      const auto records = ask(Check::dnssec_ds_mismatch, zone.text(), type_ds);
      if (!records) {
        return;
      }
      std::vector<Delegation> delegations;
      for (const std::string& record : *records) {
        if (auto delegation = delegation_of(record)) {
          delegations.push_back(*std::move(delegation));
        }
      }
      if (!delegations.empty()) {
        compare(zone, delegations);
        return;
      }
    }
  }

  void compare(const mail::Domain& zone, const std::vector<Delegation>& delegations) {
    auto keys = ask(Check::dnssec_ds_mismatch, zone.text(), type_dnskey);
    if (!keys) {
      return;
    }
    std::erase_if(*keys, [](const std::string& key) { return key.size() <= key_head; });
    is_signed_ = true;
    judge_algorithms(zone, delegations);
    const bool is_matched = std::ranges::any_of(delegations, [&](const Delegation& delegation) {
      return std::ranges::any_of(
          *keys, [&](const std::string& key) { return is_of(delegation, zone, key); });
    });
    if (is_matched) {
      outcomes_.good(Check::dnssec_ds_mismatch, zone.text());
      return;
    }
    Finding& finding = outcomes_.bad(
        Check::dnssec_ds_mismatch, zone.text(),
        keys->empty() ? "DS records, but no DNSKEY records" : "no DNSKEY record is that of a DS");
    // the key that signs the others (RFC 4034 §2.1.1)
    const auto entry = std::ranges::find_if(
        *keys, [](const std::string& key) { return (number_at(key, 0, 2) & 1U) != 0; });
    if (entry != keys->end()) {
      finding.publish = line_for(zone, *entry);
    }
  }

  // RFC 8624 §3.1, §3.3.
  void judge_algorithms(const mail::Domain& zone, const std::vector<Delegation>& delegations) {
    const auto all = [&](auto is_poor) { return std::ranges::all_of(delegations, is_poor); };
    const std::string number = std::to_string(delegations.front().algorithm);
    if (all([](const Delegation& one) {
          return one.algorithm == 1 || one.algorithm == 3 || one.algorithm == 6 ||
                 one.algorithm == 12;
        })) {
      outcomes_
          .bad(Check::dnssec_algorithm, zone.text(),
               "algorithm " + number + ", which resolvers do not validate")
          .level = Level::error;
    } else if (all([](const Delegation& one) {
                 return one.algorithm == 5 || one.algorithm == 7;
               })) {
      outcomes_.bad(Check::dnssec_algorithm, zone.text(), "algorithm " + number + " with SHA-1");
    } else if (all([](const Delegation& one) { return one.digest_type == 1; })) {
      outcomes_.bad(Check::dnssec_algorithm, zone.text(), "all DS records have SHA-1");
    } else {
      outcomes_.good(Check::dnssec_algorithm, zone.text());
    }
  }

  void check_answers() {
    const std::string& domain = examination_.domain.text();
    std::vector<std::pair<std::string, std::uint16_t>> questions{
        {domain, type_mx}, {domain, type_txt}, {"_dmarc." + domain, type_txt}};
    for (const std::string& selector : examination_.options.selectors) {
      questions.emplace_back(selector + "._domainkey." + domain, type_txt);
    }
    questions.resize(std::min(questions.size(), max_questions));
    for (const auto& [name, type] : questions) {
      judge(name, type);
    }
  }

  void judge(const std::string& name, std::uint16_t type) {
    const Validated answer = validator_.validate(name, type);
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
      const Validated alias = validator_.validate(name, type_cname);
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
    constexpr std::size_t head = 18;  // RFC 4034 §3.1
    std::optional<std::chrono::sys_seconds> end;
    for (const std::string& signature : *signatures) {
      if (signature.size() > head) {
        const std::chrono::sys_seconds one{std::chrono::seconds(number_at(signature, 8, 4))};
        end = end ? std::min(*end, one) : one;
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
