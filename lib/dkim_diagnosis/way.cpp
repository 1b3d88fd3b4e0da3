#include "dkim_diagnosis/way.hpp"

#include "dkim/header_hash.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <optional>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_hosts = 20;

// What a witness says of a message: nullopt, that nothing can be told.
using Agreement = std::optional<bool>;

// For each witness if its bh= is the hash of the body. All in one pass: there may be many
// witnesses, and bodies of 100 MB.
std::vector<bool> agree_with_body(std::span<const Witness> witnesses, std::string_view body) {
  dkim::BodyHashes hashes;
  std::vector<dkim::BodyHashes::Id> ids;
  for (const Witness& witness : witnesses) {
    ids.push_back(hashes.request(witness.parsed.signature.body_hash_request()));
  }
  hashes.update(body);
  hashes.finish();
  std::vector<bool> agree;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    agree.push_back(hashes[ids[i]].digest == witnesses[i].parsed.signature.body_hash);
  }
  return agree;
}

// `field` stands in `header`.
Agreement agrees_with_header(const Witness& witness, const mail::HeaderSection& header,
                             const mail::HeaderField& field) {
  if (!witness.keys) {
    return std::nullopt;
  }
  const dkim::Signature& signature = witness.parsed.signature;
  const dkim::HeaderIndex index(header);
  const auto algorithm = signature.body_hash_request().hash;
  const crypto::Bytes hash = dkim::hash_header(index.select(signature.signed_names, &field),
                                               dkim::without_signature_value(field),
                                               signature.header_canonicalization, algorithm);
  return std::ranges::any_of(*witness.keys, [&](const dkim::KeyRecord& record) {
    return record.key.verify(algorithm, hash, signature.signature);
  });
}

const mail::HeaderField* find_same(const mail::HeaderSection& header,
                                   const mail::HeaderField& field) {
  const auto found = std::ranges::find(header, field);
  return found == header.end() ? nullptr : &*found;
}

// Signatures of others cover Received and other trace fields that came later only by mistake, so a
// header that does not fit tells nothing by itself.
bool fits_original(const Witness& witness, const SignatureDiagnosis& diagnosis,
                   bool agrees_with_body) {
  const bool same_body = diagnosis.body.state == State::same;
  if (!diagnosis.original_body && !same_body) {
    return witness.parsed.signature.body_hash == diagnosis.body_hash;
  }
  if (!agrees_with_body) {
    return false;
  }
  if (diagnosis.original_header.empty()) {
    return !same_body;
  }
  const mail::HeaderField* field = find_same(diagnosis.original_header, *witness.field);
  return field != nullptr &&
         agrees_with_header(witness, diagnosis.original_header, *field).value_or(!same_body);
}

bool fits_now(const Witness& witness, const Message& message, bool agrees_with_body) {
  return agrees_with_body &&
         agrees_with_header(witness, message.header, *witness.field).value_or(true);
}

Moment moment_of(const Witness& witness) {
  return {witness.host, witness.kind, witness.instance};
}

// Fields are added at the top: what stands lower is older. The fields of one ARC set stand
// together, its message signature not lowest.
std::size_t place_of(const mail::HeaderField* field, const Message& message) {
  return static_cast<std::size_t>(field - message.header.data());
}

void add_hosts(const Message& message, std::size_t from, std::size_t to, Between& between) {
  for (std::size_t i = from; i-- > to && between.hosts.size() < max_hosts;) {
    if (mail::is_named(message.header[i], "Received")) {
      std::string host = receiving_host(message.header[i].value);
      if (!host.empty()) {
        between.hosts.push_back(std::move(host));
      }
    }
  }
}

}  // namespace

std::string receiving_host(std::string_view received) {
  constexpr std::size_t most = 4'096;
  received = received.substr(0, most);
  std::size_t at = 0;
  while (at < received.size()) {
    const std::size_t begin = received.find_first_not_of(" \t\r\n", at);
    const std::size_t end = std::min(received.find_first_of(" \t\r\n;", begin), received.size());
    if (begin == std::string_view::npos || begin == end) {
      break;  // the date is all that follows
    }
    if (mail::equals_ignoring_case(received.substr(begin, end - begin), "by")) {
      const std::string_view rest =
          mail::trimmed<mail::is_folding_white_space>(received.substr(end));
      const auto domain = mail::Domain::parse(rest.substr(0, rest.find_first_of(" \t\r\n;(")));
      return domain ? domain->text() : "";
    }
    at = end;
  }
  return "";
}

Between find_change(const SignatureDiagnosis& diagnosis, const mail::HeaderField& signature_field,
                    const Message& message, std::span<const Witness> witnesses) {
  const auto is_changed = [](State state) {
    return state == State::changed || state == State::explained;
  };
  Between between;
  if (!is_changed(diagnosis.body.state) && !is_changed(diagnosis.header.state)) {
    return between;
  }
  between.is_known = true;
  const std::vector<bool> agree_now = agree_with_body(witnesses, message.body);
  const std::vector<bool> agree_before =
      diagnosis.body.state != State::same && diagnosis.original_body
          ? agree_with_body(witnesses, *diagnosis.original_body)
          : agree_now;
  std::size_t after = place_of(&signature_field, message);
  std::size_t before = 0;
  between.after = {diagnosis.result.domain ? diagnosis.result.domain->text() : "",
                   WitnessKind::dkim, diagnosis.index};
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    const Witness& witness = witnesses[i];
    const std::size_t place = place_of(witness.field, message);
    if (witness.field == &signature_field || witness.parsed.failure) {
      continue;
    }
    if (fits_now(witness, message, agree_now[i])) {
      if (between.before.host.empty() || place > before) {
        between.before = moment_of(witness);
        before = place;
      }
    } else if (place < after && fits_original(witness, diagnosis, agree_before[i])) {
      between.after = moment_of(witness);
      after = place;
    }
  }
  add_hosts(message, after, before, between);
  return between;
}

}  // namespace sekisho::dkim_diagnosis
