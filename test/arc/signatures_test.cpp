#include "arc/signatures.hpp"

#include <optional>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::arc {
namespace {

std::string failure_of(const dkim::ParsedSignature& parsed) {
  return parsed.failure ? parsed.failure->reason : "";
}

}  // namespace

TEST_CASE("a message signature is a DKIM-Signature but for v= and i= (RFC 8617 §4.1.2)", "[arc]") {
  const std::string begin = " i=1; a=rsa-sha256; d=a.example; s=s; b=AAAA; ";
  const std::string bh = "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; ";
  struct Case {
    std::string value;
    std::string failure;
  };
  const Case cases[] = {
      {begin + bh + "h=from", ""},
      {begin + bh + "h=Subject:From; c=relaxed/relaxed; unknown=y;", ""},
      {begin + bh + "h=from; v=9", ""},
      {begin + bh + "h=from:arc-message-signature:arc-authentication-results", ""},
      {begin + bh + "h=from:ARC-Seal", "h= contains ARC-Seal"},
      {begin + bh + "h=subject", "h= does not contain From"},
      {begin + bh + "h=", "h= is not a list of field names"},
      {begin + bh, "no h= tag"},
      {begin + "h=from", "no bh= tag"},
      {begin + bh + "h=from; c=other", "canonicalisation is not known"},
      {begin + bh + "h=from; h=from", "a tag occurs twice"},
      {" i=1", "no d= tag"},
      {"x", "not a list of tag=value pairs"},
  };
  for (const auto& [value, failure] : cases) {
    DYNAMIC_SECTION(value) {
      CHECK(failure_of(parse_message_signature(value, 100)) == failure);
    }
  }
  CHECK(failure_of(parse_message_signature(begin + bh + "h=from:to:cc", 2)) ==
        "h= has more than 2 names");
}

TEST_CASE("a seal has fewer tags, and cv= (RFC 8617 §4.1.3)", "[arc]") {
  using enum ChainStatus;
  const std::string begin = " i=1; a=rsa-sha256; d=a.example; s=s; b=AAAA; ";
  struct Case {
    std::string value;
    std::string failure;
    std::optional<ChainStatus> status;
  };
  const Case cases[] = {
      {begin + "cv=none", "", none},
      {begin + "cv = Pass ; t=12345; unknown=y", "", pass},
      {begin + "cv=fail", "", fail},
      {begin + "cv= (so far) pass (CFWS)", "", pass},
      {" (CFWS) i=1 (;); a=rsa-sha256; d=a.example; s=s; b=AAAA; cv=none", "", none},
      {begin + "cv=none; x=nothing; bh=; c=no; l=", "", none},  // no tags of a seal
      {begin + "cv=", "", std::nullopt},
      {begin + "cv=maybe", "", std::nullopt},
      {begin + "CV=pass", "", std::nullopt},
      {begin, "", std::nullopt},
      {begin + "cv=pass; h=from", "h= in a seal", pass},
      {begin + "cv=pass; h=", "h= in a seal", pass},
      {begin + "cv=pass; t=", "t= is not a time", pass},
      {" i=1; a=rsa-md5; d=a.example; s=s; b=AAAA; cv=pass", "algorithm is not known", pass},
      {" i=1; a=rsa-sha256; s=s; b=AAAA; cv=pass", "no d= tag", pass},
      {" i=1; a=rsa-sha256; d=a.example; b=AAAA; cv=pass", "no s= tag", pass},
      {" i=1; a=rsa-sha256; d=a.example; s=s; b=; cv=pass", "b= is not base64", pass},
      {" i=1; a=rsa-sha256; d=a(b).example; s=s; b=AAAA; cv=pass", "d= is not a domain name", pass},
      {" x", "not a list of tag=value pairs", std::nullopt},
  };
  for (const auto& [value, failure, status] : cases) {
    DYNAMIC_SECTION(value) {
      const Seal seal = parse_seal(value);
      CHECK(failure_of(seal.parsed) == failure);
      CHECK(seal.chain_status == status);
    }
  }
}

}  // namespace sekisho::arc
