#include "preflight/signature_checks.hpp"

#include "dkim/fault.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace sekisho::preflight {

namespace {

constexpr std::size_t good_rsa_bits = 2'048;
constexpr std::size_t min_rsa_bits = 1'024;  // RFC 8301 §3.2

std::string name_of(const JudgedSignature& signature) {
  const auto& domain = signature.result.domain;
  return "d=" + (domain ? domain->text() : std::string("?")) +
         " s=" + printable(signature.result.selector);
}

Place in_field() {
  return {"DKIM-Signature", 0, 0};
}

bool passes(const JudgedSignature& signature) {
  return signature.result.code == dkim::ResultCode::pass;
}

bool is_undecided(const JudgedSignature& signature) {
  return signature.result.code == dkim::ResultCode::temperror;
}

bool covers(const JudgedSignature& signature, std::string_view name) {
  return std::ranges::any_of(signature.tags.signed_names, [&](const std::string& each) {
    return mail::equals_ignoring_case(each, name);
  });
}

std::size_t times_covered(const JudgedSignature& signature, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      signature.tags.signed_names,
      [&](const std::string& each) { return mail::equals_ignoring_case(each, name); }));
}

// A signature that fails beside one that passes does no harm by itself.
Level level_of_failure(std::span<const JudgedSignature> signatures) {
  return std::ranges::any_of(signatures, passes) ? Level::warning : Level::error;
}

void check_result(const JudgedSignature& signature, Level level, std::vector<Finding>& findings) {
  const dkim::Result& result = signature.result;
  if (passes(signature) || is_undecided(signature)) {
    return;
  }
  Id id = Id::dkim_fails;
  if (result.fault == dkim::Fault::expired) {
    id = Id::dkim_expired;
  } else if (result.fault == dkim::Fault::timestamp_in_future) {
    id = Id::dkim_future;
  } else if (result.fault == dkim::Fault::key_too_short) {
    id = Id::dkim_bits;
  } else if (result.fault == dkim::Fault::partial_body) {
    id = Id::dkim_l;
  }
  add_finding(findings, id, level, in_field(), name_of(signature) + ": " + result.reason);
}

void check_key(const JudgedSignature& signature, std::vector<Finding>& findings) {
  const std::size_t bits = signature.result.key_bits;
  const bool is_rsa = signature.result.algorithm.starts_with("rsa");
  if (passes(signature) && is_rsa && bits >= min_rsa_bits && bits < good_rsa_bits) {
    add_finding(findings, Id::dkim_bits, Level::advice, in_field(),
                name_of(signature) + ": a key of " + std::to_string(bits) + " bits");
  }
}

void check_length(const JudgedSignature& signature, std::vector<Finding>& findings) {
  if (signature.tags.body_length && !has_finding(findings, Id::dkim_l)) {
    add_finding(findings, Id::dkim_l, Level::warning, in_field(),
                name_of(signature) + ": anybody can append to the body (l=)");
  }
}

void check_cover(const mail::HeaderSection& header, const JudgedSignature& signature,
                 std::vector<Finding>& findings) {
  constexpr std::array<std::string_view, 10> wanted{
      "From",     "Subject",    "Date",         "To",           "Cc",
      "Reply-To", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};
  std::string missing;
  for (const std::string_view name : wanted) {
    if (!mail::fields_named(header, name).empty() && !covers(signature, name)) {
      missing += (missing.empty() ? "" : ", ") + std::string(name);
    }
  }
  if (!missing.empty()) {
    add_finding(findings, Id::dkim_cover, Level::warning, in_field(),
                name_of(signature) + " does not sign " + missing);
  }
  // RFC 6376 §8.15: a second From would otherwise not break the signature.
  if (times_covered(signature, "From") <= mail::fields_named(header, "From").size() &&
      missing.empty()) {
    add_finding(findings, Id::dkim_cover, Level::advice, in_field(),
                name_of(signature) + " does not oversign From");
  }
}

/// What is signed and yet changes: fields of relays, and fields that are not there, so that a
/// mailing list that adds them breaks the signature.
std::string changing_names(const mail::HeaderSection& header, const JudgedSignature& signature) {
  constexpr std::array<std::string_view, 5> by_relays{"Received", "Return-Path", "DKIM-Signature",
                                                      "Delivered-To", "Authentication-Results"};
  constexpr std::array<std::string_view, 5> by_lists{"Sender", "List-Id", "List-Unsubscribe",
                                                     "List-Post", "Precedence"};
  std::string names;
  const auto note = [&](std::string_view name) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  };
  for (const std::string_view name : by_relays) {
    if (covers(signature, name)) {
      note(name);
    }
  }
  for (const std::string_view name : by_lists) {
    if (times_covered(signature, name) > mail::fields_named(header, name).size()) {
      note(name);
    }
  }
  return names;
}

void check_fragile(const mail::HeaderSection& header, const JudgedSignature& signature,
                   std::vector<Finding>& findings) {
  const std::string names = changing_names(header, signature);
  if (!names.empty()) {
    add_finding(findings, Id::dkim_fragile, Level::warning, in_field(),
                name_of(signature) + " signs fields that change on the way: " + names);
  } else if (signature.tags.header_canonicalization == dkim::Canonicalization::simple) {
    add_finding(findings, Id::dkim_fragile, Level::advice, in_field(),
                name_of(signature) + " has simple header canonicalization");
  }
}

/// The one that receivers go by: the author's own, or the first that passes.
const JudgedSignature* best_of(std::span<const JudgedSignature> signatures, bool needs_strict) {
  const JudgedSignature* best = nullptr;
  for (const JudgedSignature& signature : signatures) {
    if (passes_for_author(signature, needs_strict)) {
      return &signature;
    }
    best = best == nullptr && passes(signature) ? &signature : best;
  }
  return best;
}

void check_alignment(std::span<const JudgedSignature> signatures, const SignatureContext& context,
                     std::vector<Finding>& findings) {
  const JudgedSignature* best = best_of(signatures, context.needs_strict);
  if (best == nullptr || !context.has_author || passes_for_author(*best, context.needs_strict) ||
      std::ranges::any_of(signatures, is_undecided)) {
    return;
  }
  const bool is_strict_only = best->alignment == Alignment::relaxed;
  add_finding(
      findings, Id::dkim_unaligned, Level::warning, in_field(),
      name_of(*best) + (is_strict_only ? " is not the author's domain, and adkim=s asks for it"
                                       : " is not of the author's organization"));
}

void check_one_click(std::span<const JudgedSignature> signatures, const SignatureContext& context,
                     std::vector<Finding>& findings) {
  if (!context.offers_one_click || std::ranges::any_of(signatures, is_undecided)) {
    return;
  }
  const auto covers_both = [](const JudgedSignature& signature) {
    return passes(signature) && covers(signature, "List-Unsubscribe") &&
           covers(signature, "List-Unsubscribe-Post");
  };
  const auto covering = std::ranges::find_if(signatures, covers_both);
  if (covering == signatures.end()) {
    const JudgedSignature* best = best_of(signatures, context.needs_strict);
    if (best == nullptr) {
      add_finding(findings, Id::unsub_cover, Level::warning, {"List-Unsubscribe-Post", 0, 0},
                  "no signature that passes covers List-Unsubscribe and List-Unsubscribe-Post");
      return;
    }
    std::string missing;
    for (const char* name : {"List-Unsubscribe", "List-Unsubscribe-Post"}) {
      if (!covers(*best, name)) {
        missing += (missing.empty() ? "" : " and ") + std::string(name);
      }
    }
    add_finding(findings, Id::unsub_cover, Level::error, {"List-Unsubscribe-Post", 0, 0},
                missing + " not in h= of the signature " + name_of(*best));
    return;
  }
  if (std::ranges::none_of(signatures, [&](const JudgedSignature& signature) {
        return covers_both(signature) && signature.alignment != Alignment::none;
      })) {
    add_finding(findings, Id::unsub_cover, Level::advice, {"List-Unsubscribe-Post", 0, 0},
                "the signature that covers it, " + name_of(*covering) +
                    ", is not of the author's organization");
  }
}

}  // namespace

bool passes_for_author(const JudgedSignature& signature, bool needs_strict) {
  const Alignment needed = needs_strict ? Alignment::strict : Alignment::relaxed;
  return passes(signature) && signature.alignment >= needed;
}

void check_signatures(const mail::HeaderSection& header,
                      std::span<const JudgedSignature> signatures, const SignatureContext& context,
                      std::vector<Finding>& findings) {
  if (signatures.empty()) {
    add_finding(findings, Id::dkim_none, context.is_bulk_sender ? Level::error : Level::advice, {},
                "the message has no DKIM signature");
  }
  for (const JudgedSignature& signature : signatures) {
    check_result(signature, level_of_failure(signatures), findings);
    check_key(signature, findings);
    check_length(signature, findings);
  }
  if (const JudgedSignature* best = best_of(signatures, context.needs_strict)) {
    check_cover(header, *best, findings);
    check_fragile(header, *best, findings);
    if (context.has_bimi_selector && !covers(*best, "BIMI-Selector")) {
      add_finding(findings, Id::bimi_selector, Level::warning, {"BIMI-Selector", 0, 0},
                  "BIMI-Selector is not in h= of the signature " + name_of(*best));
    }
  }
  check_alignment(signatures, context, findings);
  check_one_click(signatures, context, findings);
}

}  // namespace sekisho::preflight
