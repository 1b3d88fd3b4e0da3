// What is wrong with the signatures of a message that verifies, or not.
#include "preflight/signature_checks.hpp"

#include <initializer_list>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::preflight {
namespace {

const mail::HeaderSection header = {
    {"From", " a@shop.example"}, {"Subject", " x"}, {"List-Id", " <l.shop.example>"}};

/// Of shop.example; it passes, and covers all that it should.
JudgedSignature good(Alignment alignment = Alignment::strict) {
  JudgedSignature signature;
  signature.tags.signed_names = {"from", "From", "Subject"};
  signature.tags.header_canonicalization = dkim::Canonicalization::relaxed;
  signature.result.code = dkim::ResultCode::pass;
  signature.result.domain = mail::Domain::parse("shop.example");
  signature.result.selector = "s1";
  signature.result.algorithm = "rsa-sha256";
  signature.result.key_bits = 2'048;
  signature.alignment = alignment;
  return signature;
}

JudgedSignature bad(dkim::Fault fault, dkim::ResultCode code = dkim::ResultCode::fail) {
  JudgedSignature signature = good();
  signature.result.code = code;
  signature.result.fault = fault;
  signature.result.reason = "why";
  return signature;
}

/// The level, id and evidence of each finding.
std::string found(const std::vector<JudgedSignature>& signatures,
                  const SignatureContext& context = {}) {
  std::vector<Finding> findings;
  check_signatures(header, signatures, context, findings);
  std::string text;
  for (const Finding& finding : findings) {
    text += (text.empty() ? "" : "; ") + std::string(format_level(finding.level)) + " " +
            std::string(format_id(finding.id)) + ": " + finding.evidence;
  }
  return text;
}

const std::string name = "d=shop.example s=s1";

}  // namespace

TEST_CASE("a signature that does not pass has the id of its fault", "[preflight]") {
  struct Row {
    dkim::Fault fault;
    const char* id;
  };
  const auto row = GENERATE(
      Row{dkim::Fault::signature_mismatch, "dkim.fails"}, Row{dkim::Fault::expired, "dkim.expired"},
      Row{dkim::Fault::timestamp_in_future, "dkim.future"},
      Row{dkim::Fault::key_too_short, "dkim.bits"}, Row{dkim::Fault::partial_body, "dkim.l"});
  CHECK(found({bad(row.fault)}) == "error " + std::string(row.id) + ": " + name + ": why");
  // Beside one that passes it does no harm.
  CHECK(found({bad(row.fault), good()}) ==
        "warning " + std::string(row.id) + ": " + name + ": why");
}

TEST_CASE("an answer that did not come is no fault of the signature", "[preflight]") {
  const JudgedSignature undecided =
      bad(dkim::Fault::key_lookup_failed, dkim::ResultCode::temperror);
  CHECK(found({undecided}).empty());
  // Nor is anything said about the alignment of the others.
  CHECK(found({undecided, good(Alignment::none)}).empty());
}

TEST_CASE("the length of an RSA key (RFC 8301 §3.2)", "[preflight]") {
  JudgedSignature signature = good();
  const auto of_bits = [&](std::size_t bits) {
    signature.result.key_bits = bits;
    return found({signature});
  };
  CHECK(of_bits(1'024) == "advice dkim.bits: " + name + ": a key of 1024 bits");
  CHECK(of_bits(2'047) == "advice dkim.bits: " + name + ": a key of 2047 bits");
  CHECK(of_bits(2'048).empty());
  CHECK(of_bits(1'023).empty());  // too short to pass at all
  signature.result.algorithm = "ed25519-sha256";
  CHECK(of_bits(1'024).empty());
}

TEST_CASE("what a signature covers, and what it should not", "[preflight]") {
  struct Row {
    const char* what;
    std::vector<std::string> names;
    std::string found;
  };
  const Row rows[] = {
      {"all, and From twice", {"From", "from", "subject"}, ""},
      {"From once (RFC 6376 §8.15)",
       {"From", "Subject"},
       "advice dkim.cover: " + name + " does not oversign From"},
      {"no Subject", {"From", "From"}, "warning dkim.cover: " + name + " does not sign Subject"},
      {"neither", {"X"}, "warning dkim.cover: " + name + " does not sign From, Subject"},
      {"fields of relays",
       {"From", "From", "Subject", "Received", "return-path"},
       "warning dkim.fragile: " + name +
           " signs fields that change on the way: Received, Return-Path"},
      {"a field of lists that is there", {"From", "From", "Subject", "List-Id"}, ""},
      {"fields of lists that are not",
       {"From", "From", "Subject", "List-Id", "List-Id", "Sender"},
       "warning dkim.fragile: " + name + " signs fields that change on the way: Sender, List-Id"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.what) {
      JudgedSignature signature = good();
      signature.tags.signed_names = row.names;
      CHECK(found({signature}) == row.found);
    }
  }
}

TEST_CASE("l= and simple canonicalization are told", "[preflight]") {
  JudgedSignature signature = good();
  signature.tags.body_length = 0;
  CHECK(found({signature}) == "warning dkim.l: " + name + ": anybody can append to the body (l=)");
  signature = good();
  signature.tags.header_canonicalization = dkim::Canonicalization::simple;
  CHECK(found({signature}) ==
        "advice dkim.fragile: " + name + " has simple header canonicalization");
}

TEST_CASE("the best signature is the author's own", "[preflight]") {
  const std::string elsewhere =
      "warning dkim.unaligned: " + name + " is not of the author's organization";
  const std::string relaxed =
      "warning dkim.unaligned: " + name + " is not the author's domain, and adkim=s asks for it";
  CHECK(found({good(Alignment::none)}) == elsewhere);
  CHECK(found({good(Alignment::none), good(Alignment::relaxed)}).empty());
  CHECK(found({good(Alignment::relaxed)}, {.needs_strict = true}) == relaxed);
  CHECK(found({good(Alignment::relaxed), good()}, {.needs_strict = true}).empty());
  CHECK(found({good(Alignment::none)}, {.has_author = false}).empty());
  CHECK_FALSE(passes_for_author(bad(dkim::Fault::signature_mismatch), false));
  // What it covers is judged, not what the first one covers.
  JudgedSignature first = good(Alignment::none);
  first.tags.signed_names = {"From"};
  CHECK(found({first, good()}).empty());
  JudgedSignature second = first;
  second.alignment = Alignment::strict;
  CHECK(found({good(Alignment::none), second}).contains("does not sign Subject"));
}

TEST_CASE("without a signature a bulk sender is refused", "[preflight]") {
  CHECK(found({}) == "advice dkim.none: the message has no DKIM signature");
  CHECK(found({}, {.is_bulk_sender = true}) ==
        "error dkim.none: the message has no DKIM signature");
}

TEST_CASE("one-click unsubscription needs a signature over both fields (RFC 8058 §4)",
          "[preflight]") {
  const SignatureContext one_click{.offers_one_click = true};
  JudgedSignature signature = good();
  const auto covering = [&](const std::vector<std::string>& more) {
    signature.tags.signed_names = good().tags.signed_names;
    signature.tags.signed_names.insert(signature.tags.signed_names.end(), more.begin(), more.end());
    std::string text = found({signature}, one_click);
    return text.substr(text.rfind("unsub.cover") == std::string::npos ? text.size()
                                                                      : text.rfind("; ") + 1);
  };
  const std::string last = " not in h= of the signature " + name;
  CHECK(covering({"List-Unsubscribe", "List-Unsubscribe-Post"}).empty());
  CHECK(covering({"List-Unsubscribe"}).ends_with("unsub.cover: List-Unsubscribe-Post" + last));
  CHECK(covering({"List-Unsubscribe-Post"}).ends_with("unsub.cover: List-Unsubscribe" + last));
  CHECK(covering({}).ends_with("unsub.cover: List-Unsubscribe and List-Unsubscribe-Post" + last));
  CHECK(found({bad(dkim::Fault::signature_mismatch)}, one_click)
            .ends_with("warning unsub.cover: no signature that passes covers List-Unsubscribe and "
                       "List-Unsubscribe-Post"));
  signature.alignment = Alignment::none;
  CHECK(covering({"List-Unsubscribe", "List-Unsubscribe-Post"})
            .ends_with("unsub.cover: the signature that covers it, " + name +
                       ", is not of the author's organization"));
  CHECK(
      found({bad(dkim::Fault::key_lookup_failed, dkim::ResultCode::temperror)}, one_click).empty());
}

TEST_CASE("BIMI-Selector is to be signed", "[preflight]") {
  const SignatureContext bimi{.has_bimi_selector = true};
  CHECK(found({good()}, bimi) ==
        "warning bimi.selector: BIMI-Selector is not in h= of the signature " + name);
  JudgedSignature signature = good();
  signature.tags.signed_names.emplace_back("bimi-selector");
  CHECK(found({signature}, bimi).empty());
}

}  // namespace sekisho::preflight
