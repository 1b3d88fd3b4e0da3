// Findings to describe, and what is written of them.
#pragma once

#include "authres/describe.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::authres {

inline mail::Domain domain(const std::string& name) {
  return mail::Domain::parse(name).value();
}

inline std::vector<MethodResult> described(const findings::Findings& findings) {
  return describe(findings, {}, "mx.example.org").results;
}

// As it is written and read again, on one line.
inline std::string line(const findings::Findings& findings, const DescribeOptions& options = {},
                        const findings::Overrides& overrides = {}) {
  std::string text = format(describe(findings, overrides, "mx.example.org", options));
  for (std::size_t at = 0; (at = text.find("\r\n\t")) != std::string::npos;) {
    text.replace(at, 3, " ");
  }
  return text;
}

inline dkim::Result signature(dkim::ResultCode code, const std::string& text) {
  dkim::Result result;
  result.code = code;
  result.domain = domain("example.com");
  result.auid = "@example.com";
  result.selector = "s1";
  result.algorithm = "rsa-sha256";
  result.signature = text;
  return result;
}

inline findings::Findings signed_by(std::vector<dkim::Result> results) {
  findings::Findings findings;
  findings.dkim_checked = true;
  findings.dkim = std::move(results);
  return findings;
}

inline std::vector<std::string> values_of(const std::vector<MethodResult>& results,
                                          const std::string& property) {
  std::vector<std::string> values;
  for (const MethodResult& result : results) {
    for (const Property& each : result.properties) {
      if (each.type + "." + each.name == property) {
        values.push_back(each.value);
      }
    }
  }
  return values;
}

}  // namespace sekisho::authres
