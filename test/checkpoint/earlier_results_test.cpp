// What our own field of an earlier visit says, and what it makes of the chain since.
#include "checkpoint/earlier_results.hpp"

#include <optional>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

using arc::ChainStatus;

const auto own = mail::Domain::parse("example.net");

std::optional<EarlierResults> read(const std::string& value) {
  return read_earlier_results(value, authres::parse(value).value());
}

mail::HeaderSection set_of(const std::string& instance, const std::string& domain) {
  const std::string of_set = " i=" + instance + "; ";
  const std::string by = "a=rsa-sha256; d=" + domain + "; s=s1; ";
  return {{"ARC-Seal", of_set + by + "cv=none; b=AAAA"},
          {"ARC-Message-Signature", of_set + by + "h=from; bh=AAAA; b=AAAA"},
          {"ARC-Authentication-Results", of_set + domain + "; spf=pass"}};
}

mail::HeaderSection two_sets(const std::string& first, const std::string& second) {
  mail::HeaderSection header = set_of("2", second);
  for (const mail::HeaderField& field : set_of("1", first)) {
    header.push_back(field);
  }
  return header;
}

}  // namespace

TEST_CASE("our earlier field says how author and chain fared", "[checkpoint]") {
  struct Row {
    const char* value;
    const char* author_domain;
    bool dmarc_passed;
    std::optional<ChainStatus> chain;
  };
  const auto row = GENERATE(
      Row{" mx.example.net; dmarc=pass header.from=example.org; arc=none", "example.org", true,
          ChainStatus::none},
      Row{" mx.example.net; arc=pass; dmarc=fail header.from=example.org", "example.org", false,
          ChainStatus::pass},
      Row{" mx.example.net; spf=pass smtp.mailfrom=example.org; arc=fail", "", false,
          ChainStatus::fail},
      Row{" mx.example.net; dmarc=temperror header.from=example.org", "example.org", false, {}},
      Row{" mx.example.net; auth=fail smtp.auth=alice; arc=policy", "", false, {}},
      Row{" mx.example.net; spf=pass smtp.mailfrom=example.org; auth=none", "", false, {}});
  CAPTURE(row.value);
  const auto earlier = read(row.value);
  REQUIRE(earlier);
  CHECK((earlier->author_domain ? earlier->author_domain->text() : "") == row.author_domain);
  CHECK(earlier->dmarc_passed == row.dmarc_passed);
  CHECK(earlier->chain == row.chain);
  CHECK(earlier->field.authserv_id == "mx.example.net");
}

TEST_CASE("the field of a user's message is none of an arrival", "[checkpoint]") {
  CHECK_FALSE(read(" mx.example.net; auth=pass smtp.auth=alice"));
  CHECK_FALSE(read(" mx.example.net; arc=none; auth=pass smtp.auth=alice"));
}

TEST_CASE("the chain of a message that comes back stands as it did on arrival", "[checkpoint]") {
  struct Row {
    const char* name;
    std::optional<ChainStatus> then;
    mail::HeaderSection header;
    ChainStatus status;
    std::size_t sets;
    arc::Fault fault = arc::Fault::none;
  };
  mail::HeaderSection incomplete = set_of("1", "example.net");
  incomplete.pop_back();
  constexpr auto on_arrival = arc::Fault::failed_on_arrival;
  const Row rows[] = {
      {"no set", ChainStatus::none, {{"From", " a@example.org"}}, ChainStatus::none, 0},
      {"no set left of a chain", ChainStatus::pass, {}, ChainStatus::none, 0},
      {"it passed", ChainStatus::pass, set_of("1", "list.example"), ChainStatus::pass, 1},
      {"two sets passed", ChainStatus::pass, two_sets("a.example", "b.example"), ChainStatus::pass,
       2},
      {"sealed here since", ChainStatus::none, set_of("1", "example.net"), ChainStatus::pass, 1},
      {"sealed elsewhere since", ChainStatus::none, set_of("1", "list.example"), ChainStatus::fail,
       1, on_arrival},
      {"sealed here and elsewhere since", ChainStatus::none,
       two_sets("example.net", "list.example"), ChainStatus::fail, 2, on_arrival},
      {"it failed, and was sealed here since", ChainStatus::fail, set_of("1", "example.net"),
       ChainStatus::fail, 1, on_arrival},
      {"it was not told", {}, set_of("1", "example.net"), ChainStatus::fail, 1, on_arrival},
      {"a field was lost since", ChainStatus::pass, incomplete, ChainStatus::fail, 1,
       arc::Fault::missing_field},
      {"a field of ours was lost since", ChainStatus::none, incomplete, ChainStatus::fail, 1,
       arc::Fault::missing_field},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      EarlierResults earlier;
      earlier.chain = row.then;
      const arc::ChainResult chain = chain_on_arrival(row.header, earlier, own);
      CHECK(chain.status == row.status);
      CHECK(chain.sets == row.sets);
      CHECK(chain.fault == row.fault);
      CHECK(chain.reason.empty() == (row.status != ChainStatus::fail));
    }
  }
}

TEST_CASE("without a domain that seals nothing was sealed here", "[checkpoint]") {
  EarlierResults earlier;
  earlier.chain = ChainStatus::none;
  CHECK(chain_on_arrival(set_of("1", "example.net"), earlier, std::nullopt).status ==
        ChainStatus::fail);
}

}  // namespace sekisho::checkpoint
