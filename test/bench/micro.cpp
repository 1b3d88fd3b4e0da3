// What the steps of a message cost, one by one. Bodies in octets a second, against bare SHA-256.
#include "authres/authentication_results.hpp"
#include "authres/describe.hpp"
#include "crypto/digest.hpp"
#include "dkim/body_hashes.hpp"
#include "dkim/header_hash.hpp"
#include "dkim/key_record.hpp"
#include "dkim/signature.hpp"
#include "dmarc/discovery.hpp"
#include "dns/codec.hpp"
#include "dns/lookups.hpp"
#include "dns/zone_file.hpp"
#include "mail/author.hpp"
#include "mail/tag_list.hpp"
#include "spf/check_host.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

using namespace sekisho;
using benchmark::DoNotOptimize;
using benchmark::State;

constexpr std::size_t body_octets = 1'000'000;
constexpr std::size_t chunk_octets = 65'535;

constexpr std::string_view signature_value =
    " v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=selector; t=1700000000;\r\n"
    "\th=From:To:Subject:Date:Message-ID:MIME-Version:Content-Type;\r\n"
    "\tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"
    "\tb=dGVzdA0KdGVzdA0KdGVzdA0KdGVzdA0KdGVzdA0KdGVzdA0KdGVzdA0KdGVzdA0KdGVzdA0K";

constexpr std::string_view zone = R"($ORIGIN .
$TTL 300
example.org. TXT "v=spf1 include:_a.example.org include:_b.example.org -all"
_a.example.org. TXT "v=spf1 ip4:198.51.100.0/24 a:mail.example.org"
_b.example.org. TXT "v=spf1 mx ip4:192.0.2.0/24 -all"
_b.example.org. MX 10 mail.example.org.
mail.example.org. A 198.51.100.1
_dmarc.example.org. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.org"
)";

/// Lines of words, as people write them.
std::string text_body() {
  std::string body;
  while (body.size() < body_octets) {
    body += "The quick brown fox jumps over the lazy dog, and does so once more today.\r\n";
  }
  return body;
}

void hash_body(State& state, dkim::Canonicalization canonicalization) {
  const std::string body = text_body();
  for (const auto& each : state) {
    static_cast<void>(each);
    dkim::BodyHashes hashes;
    const auto id = hashes.request({.canonicalization = canonicalization});
    for (std::string_view rest = body; !rest.empty();
         rest.remove_prefix(std::min(chunk_octets, rest.size()))) {
      hashes.update(rest.substr(0, chunk_octets));
    }
    hashes.finish();
    DoNotOptimize(hashes[id].digest);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}

void body_bare_sha256(State& state) {
  const std::string body = text_body();
  for (const auto& each : state) {
    static_cast<void>(each);
    crypto::Digest digest(crypto::HashAlgorithm::sha256);
    digest.update(body);
    DoNotOptimize(digest.finish());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}
BENCHMARK(body_bare_sha256);
BENCHMARK_CAPTURE(hash_body, simple, dkim::Canonicalization::simple);
BENCHMARK_CAPTURE(hash_body, relaxed, dkim::Canonicalization::relaxed);

mail::HeaderSection header() {
  return {{"Received", " from a.example.org by b.example.net; Tue, 14 Nov 2023 22:13:20 +0000"},
          {"From", " The Author <author@example.org>"},
          {"To", " The Recipient <rcpt@example.net>"},
          {"Subject", " a subject\r\n that is folded"},
          {"Date", " Tue, 14 Nov 2023 22:13:20 +0000"},
          {"Message-ID", " <1@example.org>"}};
}

void header_hash(State& state) {
  const mail::HeaderSection fields = header();
  const std::vector<std::string> names = {"from", "to", "subject", "date", "message-id"};
  const mail::HeaderField signature{"DKIM-Signature", std::string(signature_value)};
  for (const auto& each : state) {
    static_cast<void>(each);
    const dkim::HeaderIndex index(fields);
    DoNotOptimize(dkim::hash_header(index.select(names, nullptr), signature,
                                    dkim::Canonicalization::relaxed,
                                    crypto::HashAlgorithm::sha256));
  }
}
BENCHMARK(header_hash);

void author(State& state) {
  const mail::HeaderSection fields = header();
  for (const auto& each : state) {
    static_cast<void>(each);
    DoNotOptimize(mail::find_author(fields));
  }
}
BENCHMARK(author);

void tag_list(State& state) {
  for (const auto& each : state) {
    static_cast<void>(each);
    DoNotOptimize(mail::TagList::parse(signature_value));
  }
}
BENCHMARK(tag_list);

void signature(State& state) {
  for (const auto& each : state) {
    static_cast<void>(each);
    DoNotOptimize(dkim::parse_signature(signature_value, 100));
  }
}
BENCHMARK(signature);

void key_record(State& state) {
  constexpr std::size_t max_bits = 8'192;
  const std::string_view record =
      "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";  // RFC 8463 §A.2
  for (const auto& each : state) {
    static_cast<void>(each);
    DoNotOptimize(dkim::parse_key_record(record, max_bits));
  }
}
BENCHMARK(key_record);

void authentication_results(State& state) {
  findings::Findings found;
  found.author = mail::find_author(header());
  found.dkim.resize(2);
  found.dkim_checked = true;
  for (const auto& each : state) {
    static_cast<void>(each);
    DoNotOptimize(authres::format(authres::describe(found, {}, "mx.example.net")));
  }
}
BENCHMARK(authentication_results);

std::shared_ptr<dns::Resolver> warm_resolver() {
  return std::shared_ptr<dns::Resolver>(dns::ZoneFile::parse(zone, "zone").value());
}

dns::Lookups lookups_on(const std::shared_ptr<dns::Resolver>& resolver) {
  return {resolver, {.deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1}}};
}

void spf_with_two_includes(State& state) {
  const auto resolver = warm_resolver();
  const spf::Request request{dns::IpAddress::parse("192.0.2.1").value(), "mail.example.org",
                             "author@example.org", "mx.example.net", 0};
  for (const auto& each : state) {
    static_cast<void>(each);
    DoNotOptimize(spf::check_mail_from(lookups_on(resolver), request, {}).get());
  }
}
BENCHMARK(spf_with_two_includes);

void tree_walk(State& state) {
  const auto resolver = warm_resolver();
  const auto names = dmarc::tree_walk_names(mail::Domain::parse("a.b.c.d.example.org").value());
  for (const auto& each : state) {
    static_cast<void>(each);
    DoNotOptimize(dmarc::walk(lookups_on(resolver), names, dmarc::Specification::rfc9989).get());
  }
}
BENCHMARK(tree_walk);

void dns_query(State& state) {
  const dns::Question question{"selector._domainkey.example.org", dns::RecordType::txt};
  for (const auto& each : state) {
    static_cast<void>(each);
    DoNotOptimize(dns::encode_query(question, 1, {.want_authentic = true}));
  }
}
BENCHMARK(dns_query);

}  // namespace

BENCHMARK_MAIN();
