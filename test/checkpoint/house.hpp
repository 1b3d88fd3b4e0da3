// A house with a key for its own domain and one for its seals, and its messages, for tests.
#pragma once

#include "checkpoint/session.hpp"
#include "checkpoint/signing_services.hpp"
#include "keys/key_folder.hpp"
#include "keys/publication.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

/// The milter of example.net, which has a key for its own domain and one for its seals.
struct House {
  House() {
    dns->add_txt("s1._domainkey.example.net", keys::format_key_record(folder.key));
    dns->add_txt("_dmarc.example.net", "v=DMARC1; p=reject");
    dns->add_txt("example.org", "v=spf1 ip4:192.0.2.1 -all");
    dns->add_txt("_dmarc.example.org", "v=DMARC1; p=reject");
    options.authserv_id = "mx.example.net";
    options.signing.keys.entries = {{"example.net", "s1", folder.path("key.pem"), {}}};
    options.arc.domain = "example.net";
    options.arc.selector = "s1";
    options.arc.key_file = folder.path("key.pem");
  }

  [[nodiscard]] std::shared_ptr<Services> open() const {
    std::vector<std::string> problems;
    auto services = open_services(options, dns);
    services->signing = open_signing(options, problems).value();
    services->now = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)); };
    CHECK(problems.empty());
    return services;
  }

  keys::KeyFolder folder;
  std::shared_ptr<test::FakeResolver> dns = std::make_shared<test::FakeResolver>();
  checkpoint::Options options;
};

struct Sender {
  std::string address = "127.0.0.1";
  std::string login;
  std::string daemon;
};

inline Verdict send_to(const std::vector<std::string>& recipients,
                       const std::shared_ptr<Services>& services, const Sender& sender,
                       const mail::HeaderSection& header) {
  Session session(services);
  session.connect(dns::IpAddress::parse(sender.address));
  session.helo("client.example");
  session.identify(sender.login, sender.daemon);
  session.mail("<x@example.org>");
  for (const std::string& recipient : recipients) {
    session.recipient(recipient);
  }
  for (const mail::HeaderField& field : header) {
    session.header(field);
  }
  session.end_of_header();
  session.body("Hello\r\n");
  return session.end_of_message("4ABC").value();
}

inline Verdict send(const std::shared_ptr<Services>& services, const Sender& sender,
                    const mail::HeaderSection& header,
                    const std::string& recipient = "<someone@example.com>") {
  return send_to({recipient}, services, sender, header);
}

/// The message as it goes on.
inline mail::HeaderSection leaving(const Verdict& verdict, mail::HeaderSection header) {
  for (const mail::HeaderField& field : verdict.insertions) {
    header.insert(header.begin(), field);
  }
  return header;
}

inline std::vector<std::string> names(const std::vector<mail::HeaderField>& fields) {
  std::vector<std::string> names;
  std::ranges::transform(fields, std::back_inserter(names), &mail::HeaderField::name);
  return names;
}

inline const mail::HeaderSection ours = {
    {"From", " alice@example.net"}, {"Message-ID", " <1@example.net>"}, {"Subject", " Hello"}};
inline const mail::HeaderSection foreign = {
    {"From", " bob@example.org"}, {"Message-ID", " <1@example.org>"}, {"Subject", " Hello"}};

}  // namespace sekisho::checkpoint
