// A session of a client of example.org with an instance that only verifies, for tests.
#pragma once

#include "checkpoint/session.hpp"
#include "support/fake_resolver.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace sekisho::checkpoint {

inline const auto client_address = dns::IpAddress::parse("192.0.2.1");

inline std::shared_ptr<test::FakeResolver> example_dns(std::chrono::milliseconds delay = {}) {
  auto dns = std::make_shared<test::FakeResolver>(delay);
  dns->add_ptr("192.0.2.1", "mail.example.org");
  dns->add_address("mail.example.org", "192.0.2.1");
  dns->add_txt("mail.example.org", "v=spf1 a -all");
  dns->add_txt("example.org", "v=spf1 ip4:192.0.2.0/24 -all");
  dns->add_txt("_dmarc.example.org", "v=DMARC1; p=reject");
  dns->add_txt("victim.example", "v=spf1 -all");
  dns->add_txt("_dmarc.victim.example", "v=DMARC1; p=reject");
  return dns;
}

inline std::shared_ptr<Services> services_on(std::shared_ptr<dns::Resolver> resolver) {
  checkpoint::Options options;
  options.authserv_id = "mx.example.net";
  auto services = open_services(std::move(options), std::move(resolver));
  services->now = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)); };
  return services;
}

inline Session session_on(std::shared_ptr<dns::Resolver> resolver) {
  Session session(services_on(std::move(resolver)));
  session.connect(client_address);
  session.helo("mail.example.org");
  return session;
}

inline Verdict send(Session& session, const std::string& sender, const mail::HeaderSection& header,
                    const std::string& body = "Hello\r\n") {
  session.mail(sender);
  session.recipient("<someone@example.net>");
  for (const mail::HeaderField& field : header) {
    session.header(field);
  }
  session.end_of_header();
  session.body(body);
  return session.end_of_message("4ABC").value();
}

}  // namespace sekisho::checkpoint
