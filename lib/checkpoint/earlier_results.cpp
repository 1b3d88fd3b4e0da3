#include "checkpoint/earlier_results.hpp"

#include "arc/set.hpp"
#include "arc/signatures.hpp"
#include "authres/assessment.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::checkpoint {

namespace {

std::optional<arc::ChainStatus> chain_status(const std::string& result) {
  using enum arc::ChainStatus;
  for (const arc::ChainStatus status : {none, pass, fail}) {
    if (result == arc::format_chain_status(status)) {
      return status;
    }
  }
  return std::nullopt;
}

bool is_of_user(const authres::AuthenticationResults& field) {
  return std::ranges::any_of(field.results, [](const authres::MethodResult& each) {
    return each.method == "auth" && each.result == "pass";
  });
}

bool is_sealed_by(const arc::Set& set, const std::optional<mail::Domain>& domain) {
  return domain && set.seal != nullptr &&
         arc::parse_seal(set.seal->value).parsed.signature.domain == domain;
}

}  // namespace

std::optional<EarlierResults> read_earlier_results(const std::string& value,
                                                   authres::AuthenticationResults field) {
  if (is_of_user(field)) {
    return std::nullopt;
  }
  EarlierResults earlier;
  for (findings::Assertion& assertion : authres::read_assessment(value).assertions) {
    if (assertion.method == "dmarc") {
      earlier.author_domain = std::move(assertion.domain);
      earlier.dmarc_passed = assertion.result == "pass";
    }
  }
  for (const authres::MethodResult& result : field.results) {
    if (result.method == "arc") {
      earlier.chain = chain_status(result.result);
    }
  }
  earlier.field = std::move(field);
  return earlier;
}

arc::ChainResult chain_on_arrival(const mail::HeaderSection& header, const EarlierResults& earlier,
                                  const std::optional<mail::Domain>& own_domain) {
  const arc::Sets sets = arc::collect_sets(header, arc::max_instance);
  arc::ChainResult chain;
  chain.sets = sets.by_instance.size();
  if (sets.is_empty) {
    return chain;
  }
  const bool sealed_here_since =
      earlier.chain == arc::ChainStatus::none && is_sealed_by(sets.by_instance.back(), own_domain);
  const bool held = earlier.chain == arc::ChainStatus::pass || sealed_here_since;
  chain.status = !sets.failure && held ? arc::ChainStatus::pass : arc::ChainStatus::fail;
  if (chain.status == arc::ChainStatus::fail) {
    const arc::Failure failure =
        sets.failure.value_or(arc::failure_of(arc::Fault::failed_on_arrival));
    chain.fault = failure.fault;
    chain.reason = failure.reason;
  }
  return chain;
}

}  // namespace sekisho::checkpoint
