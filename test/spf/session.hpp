// A question to SPF, with the zone that answers it.
#pragma once

#include "spf/check_host.hpp"
#include "support/fake_resolver.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::spf {

/// A zone, the question and the session, as one likes to write them.
struct Session {
  explicit Session(std::chrono::milliseconds delay = {})
      : resolver(std::make_shared<test::FakeResolver>(delay)) {
    request.client = *dns::IpAddress::parse("192.0.2.1");
    request.helo = "mail.example.net";
    request.sender = "user@example.org";
    request.receiver = "mx.example.com";
    request.now = 1'700'000'000;
  }

  void publish(const std::string& name, const std::string& text) { resolver->add_txt(name, text); }
  void connect_from(std::string_view address) { request.client = *dns::IpAddress::parse(address); }

  [[nodiscard]] Result mail_from() const {
    return check_mail_from(test::lookups_on(resolver), request, options).get();
  }
  [[nodiscard]] Result helo() const {
    return check_helo(test::lookups_on(resolver), request, options).get();
  }
  [[nodiscard]] std::vector<std::string> asked() const {
    std::vector<std::string> names;
    for (const dns::Question& question : resolver->asked()) {
      names.push_back(question.name);
    }
    return names;
  }

  std::shared_ptr<test::FakeResolver> resolver;
  Request request;
  Options options;
};

inline bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace sekisho::spf
