// A store with messages, a DNS, and a smarthost that answers as a test tells it.
#pragma once

#include "guarded.hpp"
#include "report/aggregate_sender/aggregate_sender.hpp"
#include "report/store/a_store.hpp"
#include "support/fake_resolver.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::aggregate_sender {

class FakeMailer final : public mailer::Mailer {
 public:
  struct Sent {
    std::string sender;
    std::string recipient;
    std::string mail;
  };

  mailer::Delivery send(const std::string& sender, const std::string& recipient,
                        std::string_view mail) override {
    ++tried[recipient];
    if (on_delivery) {
      on_delivery(recipient);
    }
    const auto answer = answers.find(recipient);
    const mailer::DeliveryStatus status =
        answer == answers.end() ? mailer::DeliveryStatus::sent : answer->second;
    if (status == mailer::DeliveryStatus::sent) {
      sent.push_back({sender, recipient, std::string(mail)});
    }
    return {status, std::string(mailer::format_delivery_status(status))};
  }

  std::map<std::string, mailer::DeliveryStatus> answers;
  std::function<void(const std::string& recipient)> on_delivery;  ///< Before the answer.
  std::map<std::string, int> tried;
  std::vector<Sent> sent;
};

struct Scene {
  Scene() {
    options.email = "dmarc@receiver.example";
    options.org_name = "Receiver & Söhne";
  }

  void add(const std::string& policy_domain, const std::vector<std::string>& addresses,
           std::string_view source = "192.0.2.1", int messages = 1,
           std::chrono::sys_days day = store::first_day) {
    store::Observation observation = store::an_observation(policy_domain, source);
    observation.seen = day + std::chrono::hours{10};
    observation.policy.domain = policy_domain;
    observation.addresses = addresses;
    for (int i = 0; i < messages; ++i) {
      observations.push_back(observation);
    }
    REQUIRE(store.add(observations));
    observations.clear();
  }

  /// As another process would: with its own connection.
  std::vector<SendResult> send(std::chrono::sys_days day = store::first_day,
                               Selection selection = Selection::all, bool dry_run = false) {
    store::Store own = open_store();
    std::vector<SendResult> reports;
    SenderEvents events;
    events.on_package = [&](const Package& package) { packages.push_back(package); };
    events.on_report = [&](const SendResult& report) { reports.push_back(report); };
    const auto done = sender(own, std::move(events), dry_run).send(day, selection);
    REQUIRE(done);
    reachable = *done;
    return reports;
  }
  SendResult send_one() {
    const auto reports = send();
    REQUIRE(reports.size() == 1);
    return reports.front();
  }
  std::vector<std::chrono::sys_days> unfinished_days(std::chrono::sys_days last) {
    store::Store own = open_store();
    return sender(own, {}, false).unfinished_days(last).value();
  }

  store::Folder folder;
  store::Store store = open_store();
  std::shared_ptr<test::FakeResolver> resolver = std::make_shared<test::FakeResolver>();
  FakeMailer mailer;
  mailer::DryRunMailer dry_run_mailer;
  SendOptions options;
  std::chrono::sys_seconds now = store::first_day + std::chrono::days{1} + std::chrono::hours{1};
  std::vector<Package> packages;
  bool reachable = true;

 private:
  [[nodiscard]] store::Store open_store() const {
    return store::Store::open({store::Backend::sqlite, folder.file("store.db")}).value();
  }
  AggregateSender sender(store::Store& own, SenderEvents events, bool dry_run) {
    return {{.store = own,
             .resolver = resolver,
             .dmarc = {},
             .mailer = dry_run ? static_cast<mailer::Mailer&>(dry_run_mailer) : mailer,
             .host = "mx1",
             .clock = [this] { return now; }},
            make_reporting_organization(options, "Sekisho test").value(),
            std::move(events)};
  }

  std::vector<store::Observation> observations;
};

}  // namespace sekisho::report::aggregate_sender
