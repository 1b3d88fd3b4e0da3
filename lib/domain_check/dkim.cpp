#include "domain_check/dkim.hpp"

#include "dkim/key_record.hpp"
#include "mail/ascii.hpp"
#include "mail/tag_list.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace sekisho::domain_check {

namespace {

constexpr std::size_t max_rsa_bits = 16'384;
constexpr std::size_t least_bits = 1'024;   // RFC 8301 §3.2: MUST
constexpr std::size_t wanted_bits = 2'048;  // RFC 8301 §3.2: SHOULD
constexpr std::chrono::days greatest_age{365};

Check check_of(dkim::Fault fault) {
  switch (fault) {
    case dkim::Fault::key_revoked:
      return Check::dkim_revoked;
    case dkim::Fault::key_not_for_mail:
      return Check::dkim_service;
    case dkim::Fault::unknown_key_type:
      return Check::dkim_key_type;
    default:  // the record cannot be read, in one way or another
      return Check::dkim_record;
  }
}

void judge_strength(Examination& examination, const KeyFound& found) {
  const std::string size = std::to_string(found.bits) + " bits";
  if (found.algorithm != "rsa") {
    return;
  }
  if (found.bits < least_bits) {
    examination.outcomes.bad(Check::dkim_bits, found.name, size + ", 1024 are the least");
  } else if (found.bits < wanted_bits) {
    examination.outcomes.bad(Check::dkim_bits, found.name, size + ", 2048 are advised").level =
        Level::warning;
  } else {
    examination.outcomes.good(Check::dkim_bits, found.name);
  }
}

void judge_record(Examination& examination, KeyFound& found) {
  found.key = key_of(found.record);
  const auto record = dkim::parse_key_record(found.record, max_rsa_bits);
  if (!record) {
    found.state = KeyState::unusable;
    examination.outcomes.bad(check_of(record.error().fault), found.name,
                             shown(record.error().reason));
    return;
  }
  examination.outcomes.good(Check::dkim_record, found.name);
  found.state = KeyState::found;
  found.algorithm = record->key.type() == crypto::KeyType::rsa ? "rsa" : "ed25519";
  found.bits = record->key.bits();
  judge_strength(examination, found);
  if (record->is_testing) {
    examination.outcomes.bad(Check::dkim_testing, found.name, "t=y");
  }
  if (!record->allows_sha256) {
    examination.outcomes.bad(Check::dkim_hash, found.name, "h= without sha256");
  }
}

// How a selector came to be known.
enum class Origin : std::uint8_t { named, reported, guessed };

KeyFound check_selector(Examination& examination, const std::string& selector, Origin origin) {
  KeyFound found;
  found.selector = selector;
  found.name = selector + "._domainkey." + examination.domain.text();
  found.is_guessed = origin == Origin::guessed;
  const bool is_named = origin == Origin::named;
  const dns::Answer answer =
      is_named ? examination.ask_for(Check::dkim_missing, found.name, dns::RecordType::txt)
               : examination.ask(found.name, dns::RecordType::txt);
  if (dns::is_temporary(answer.status)) {
    return found;
  }
  const auto texts = texts_of(answer);
  if (texts.empty()) {
    found.state = KeyState::missing;
    if (is_named) {
      examination.outcomes.bad(Check::dkim_missing, found.name,
                               std::string(dns::format_status(answer.status)));
    }
    return found;
  }
  found.record = texts.front();
  if (texts.size() > 1) {
    found.state = KeyState::unusable;
    examination.outcomes.bad(Check::dkim_many, found.name,
                             std::to_string(texts.size()) + " TXT records");
    return found;
  }
  judge_record(examination, found);
  return found;
}

// Reports name the selector, not the key: a key that was replaced under its old selector looks old.
void judge_ages(Examination& examination, const std::vector<KeyFound>& keys) {
  const Options& options = examination.options;
  for (const KeyFound& found : keys) {
    const auto seen = options.first_seen.find(found.selector);
    if (found.state != KeyState::found || seen == options.first_seen.end()) {
      continue;
    }
    const auto age = std::chrono::floor<std::chrono::days>(options.time - seen->second);
    if (age <= greatest_age) {
      examination.outcomes.good(Check::dkim_age, found.name);
      continue;
    }
    examination.outcomes.bad(
        Check::dkim_age, found.name,
        "reports have this selector for " + std::to_string(age.count()) + " days");
  }
}

// RFC 8463 is not understood everywhere.
void require_rsa(Examination& examination, const std::vector<KeyFound>& keys) {
  const bool has_rsa = std::ranges::count(keys, "rsa", &KeyFound::algorithm) > 0;
  const auto ed25519 = std::ranges::find(keys, "ed25519", &KeyFound::algorithm);
  if (!has_rsa && ed25519 != keys.end()) {
    Finding& finding =
        examination.outcomes.bad(Check::dkim_bits, ed25519->name, "no RSA key beside Ed25519");
    finding.level = Level::warning;
    finding.remedy = "sign with an RSA key, too: many receivers do not verify Ed25519";
  }
}

void find_shared_keys(Examination& examination, const std::vector<KeyFound>& keys) {
  std::map<std::string, const KeyFound*> first;
  for (const KeyFound& found : keys) {
    if (found.state != KeyState::found) {
      continue;
    }
    const auto [other, is_new] = first.try_emplace(found.key, &found);
    if (!is_new) {
      examination.outcomes.bad(Check::dkim_shared, found.name,
                               "the same key as " + shown(other->second->name));
    }
  }
}

}  // namespace

std::string key_of(const std::string& record) {
  const auto tags = mail::TagList::parse(record, mail::EmptyTags::skipped);
  std::string key(tags ? tags->find("p").value_or("") : "");
  std::erase_if(key, mail::is_folding_white_space);
  return key;
}

std::string_view format_key_state(KeyState state) {
  switch (state) {
    case KeyState::found:
      return "found";
    case KeyState::missing:
      return "missing";
    case KeyState::unusable:
      return "unusable";
    case KeyState::unknown:
      return "unknown";
  }
  std::unreachable();
}

std::vector<KeyFound> check_dkim(Examination& examination) {
  const Options& options = examination.options;
  const std::pair<Origin, const std::vector<std::string>*> lists[] = {
      {Origin::named, &options.selectors},
      {Origin::reported, &options.reported_selectors},
      {Origin::guessed, &options.guessed_selectors}};
  for (const auto& [origin, selectors] : lists) {
    for (const std::string& selector : *selectors) {
      examination.lookups.prefetch(selector + "._domainkey." + examination.domain.text(),
                                   dns::RecordType::txt);
    }
  }
  std::vector<KeyFound> keys;
  for (const auto& [origin, selectors] : lists) {
    for (const std::string& selector : *selectors) {
      if (std::ranges::count(keys, selector, &KeyFound::selector) > 0) {
        continue;
      }
      KeyFound found = check_selector(examination, selector, origin);
      const bool is_there = found.state == KeyState::found || found.state == KeyState::unusable;
      if (is_there || origin == Origin::named) {
        keys.push_back(std::move(found));
      }
    }
  }
  require_rsa(examination, keys);
  find_shared_keys(examination, keys);
  judge_ages(examination, keys);
  return keys;
}

std::vector<std::string> usual_selectors() {
  return {"default", "dkim",      "dkim1",     "fm1",  "fm2",  "fm3",     "google",
          "k1",      "k2",        "k3",        "key1", "mail", "mxvault", "s1",
          "s2",      "selector1", "selector2", "sig1", "smtp", "zoho"};
}

}  // namespace sekisho::domain_check
