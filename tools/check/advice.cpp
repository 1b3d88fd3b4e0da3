#include "tools/check/advice.hpp"

#include <utility>

namespace sekisho::tools {

namespace {

constexpr std::string_view no_answer =
    "the DNS gave no answer: look at the resolver, then try again";

std::string_view advice_for_fail(dkim::Fault fault) {
  if (fault == dkim::Fault::body_hash_mismatch) {
    return "the body was changed after it was signed; sekisho why MESSAGE searches for what was "
           "changed, and where";
  }
  if (fault == dkim::Fault::expired) {
    return "the message took longer than its signer allows, or the clock is wrong";
  }
  if (fault == dkim::Fault::timestamp_in_future) {
    return "the signer's clock or ours is wrong";
  }
  return "a signed header field was changed, or the key in the DNS is not the signer's; sekisho "
         "why "
         "MESSAGE tells which";
}

std::string_view advice_for_permerror(dkim::Fault fault) {
  if (fault == dkim::Fault::no_key) {
    return "the signer must publish the key, or sign with the selector that is published";
  }
  if (fault == dkim::Fault::key_revoked) {
    return "the signer must sign with a key that is still in use";
  }
  return "the signer must mend the signature or the key record";
}

}  // namespace

std::string_view advice_for(const spf::Result& result) {
  switch (result.code) {
    case spf::ResultCode::none:
    case spf::ResultCode::neutral:
    case spf::ResultCode::pass:
      return "";
    case spf::ResultCode::fail:
    case spf::ResultCode::softfail:
      return "if this host should send for the domain, add it to the domain's SPF record";
    case spf::ResultCode::permerror:
      return "the owner of the domain must mend the SPF record";
    case spf::ResultCode::temperror:
      return no_answer;
  }
  std::unreachable();
}

std::string_view advice_for(const dkim::Result& result) {
  switch (result.code) {
    case dkim::ResultCode::pass:
    case dkim::ResultCode::neutral:
      return "";
    case dkim::ResultCode::fail:
      return advice_for_fail(result.fault);
    case dkim::ResultCode::policy:
      return "this host does not accept such a signature, whether or not it would hold";
    case dkim::ResultCode::temperror:
      return no_answer;
    case dkim::ResultCode::permerror:
      return advice_for_permerror(result.fault);
  }
  std::unreachable();
}

std::string_view advice_for(const dmarc::Result& result) {
  switch (result.code) {
    case dmarc::ResultCode::none:
    case dmarc::ResultCode::pass:
      return "";
    case dmarc::ResultCode::fail:
      return "the domain in From needs an aligned SPF or DKIM pass";
    case dmarc::ResultCode::temperror:
      return no_answer;
    case dmarc::ResultCode::permerror:
      return "the sender must mend the From field";
  }
  std::unreachable();
}

std::string_view advice_for(const iprev::Result& result) {
  switch (result.code) {
    case iprev::ResultCode::pass:
    case iprev::ResultCode::temperror:
      return "";
    case iprev::ResultCode::fail:
    case iprev::ResultCode::permerror:
      return "give the client's address a PTR record whose name has this address";
  }
  std::unreachable();
}

}  // namespace sekisho::tools
