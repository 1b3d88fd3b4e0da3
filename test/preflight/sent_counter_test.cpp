// Counts of what is sent to large receivers, and when a sender is a bulk sender.
#include "preflight/sent_counter.hpp"

#include "shop.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::test {

namespace {

using preflight::SentCount;
using preflight::SentCounter;
using preflight::SentVolume;
using std::chrono::hours;

constexpr std::chrono::sys_seconds noon{std::chrono::seconds{1'700'006'400}};

mail::Domain domain(const std::string& text) {
  return mail::Domain::parse(text).value();
}

SentCount to_gmail(std::uint64_t messages, std::chrono::sys_seconds hour = noon) {
  return {"shop.example", "gmail", hour, messages};
}

}  // namespace

TEST_CASE("messages count for a day, wherever they were sent", "[preflight]") {
  SentVolume volume;
  volume.add(to_gmail(3));
  volume.add(to_gmail(4, noon + hours{20}));
  volume.add({"other.example", "gmail", noon, 100});
  volume.set_elsewhere(std::vector{to_gmail(50), to_gmail(7, noon + hours{20})});
  const auto sum = [&](hours later) {
    return volume.messages("shop.example", "gmail", noon + later);
  };
  CHECK(sum(hours{20}) == 64);
  CHECK(sum(hours{23}) == 64);
  CHECK(sum(hours{24}) == 11);
  CHECK(sum(hours{43}) == 11);
  CHECK(sum(hours{44}) == 0);
  CHECK(volume.messages("shop.example", "yahoo", noon) == 0);
  CHECK(volume.sums(noon + hours{20}) == std::vector<SentCount>{{"other.example", "gmail", {}, 100},
                                                                {"shop.example", "gmail", {}, 64}});
  volume.set_elsewhere({});
  CHECK(sum(hours{20}) == 7);
}

TEST_CASE("each level of a limit is told once a day", "[preflight]") {
  SentVolume volume;
  std::vector<std::pair<int, unsigned>> told;
  const auto send = [&](int from, int to, std::chrono::sys_seconds now) {
    for (int number = from; number <= to; ++number) {
      volume.add(to_gmail(1, now));
      if (const auto level = volume.newly_reached(to_gmail(1), 10, now)) {
        told.emplace_back(number, *level);
      }
    }
  };
  send(1, 12, noon);
  CHECK(told == std::vector<std::pair<int, unsigned>>{{5, 50}, {8, 80}, {10, 100}});
  told.clear();
  send(1, 5, noon + hours{24});
  CHECK(told == std::vector<std::pair<int, unsigned>>{{5, 50}});
  // What other hosts sent may jump over levels; the highest is told.
  volume.set_elsewhere(std::vector{to_gmail(5, noon + hours{24})});
  CHECK(volume.newly_reached(to_gmail(1), 10, noon + hours{24}) == 100U);
  CHECK(volume.newly_reached(to_gmail(1), 0, noon + hours{24}) == std::nullopt);
  CHECK(volume.newly_reached({"x.example", "gmail", noon, 1}, 10, noon) == std::nullopt);
}

TEST_CASE("pairs of authors and receivers are bounded", "[preflight]") {
  SentVolume volume;
  for (std::size_t i = 0; i <= SentVolume::max_pairs; ++i) {
    volume.add({"a" + std::to_string(i) + ".example", "gmail", noon, 1});
  }
  CHECK(volume.sums(noon).size() == SentVolume::max_pairs);
  volume.add({"new.example", "gmail", noon + hours{24}, 1});  // those of yesterday make room
  CHECK(volume.sums(noon + hours{24}).size() == 1);
}

TEST_CASE("a receiver is known by its domains, and else by its mail hosts", "[preflight]") {
  FakeResolver dns;
  dns.add_mx("family.example", 10, "alt1.gmail-smtp-in.l.google.com");
  dns.add_mx("own.example", 10, "mail.own.example");
  dns.fail("broken.example", dns::Status::server_failure);
  SentCounter counter;
  const auto count = [&](const std::vector<std::string>& recipients, std::chrono::sys_seconds now) {
    std::string receivers;
    std::vector<mail::Domain> domains;
    std::ranges::transform(recipients, std::back_inserter(domains), domain);
    for (const SentCount& each : counter.count({"shop.example", domains}, shop_rules(), dns, now)) {
      receivers += (receivers.empty() ? "" : " ") + each.receiver;
    }
    return receivers;
  };
  CHECK(count({"gmail.com", "gmail.com", "outlook.com"}, noon) == "gmail gmail microsoft");
  CHECK(dns.asked().empty());
  CHECK(count({"family.example", "own.example", "none.example", "broken.example"}, noon) ==
        "gmail");
  CHECK(dns.asked().size() == 4);
  CHECK(count({"family.example", "broken.example"}, noon + hours{23}) == "gmail");
  CHECK(dns.asked().size() == 5);  // what failed is asked again sooner
  CHECK(count({"family.example"}, noon + hours{24}) == "gmail");
  CHECK(dns.asked().size() == 6);
  CHECK(counter.volume().messages("shop.example", "gmail", noon + hours{24}) == 2);
}

TEST_CASE("a few mail hosts are asked for in a second, and none is waited for", "[preflight]") {
  FakeResolver dns(std::chrono::milliseconds{50});
  std::vector<mail::Domain> recipients;
  for (int i = 0; i < 8; ++i) {
    const std::string name = "d" + std::to_string(i) + ".example";
    dns.add_mx(name, 10, "gmail-smtp-in.l.google.com");
    recipients.push_back(domain(name));
  }
  SentCounter counter;
  CHECK(counter.count({"shop.example", recipients}, shop_rules(), dns, noon).empty());
  CHECK(dns.asked().size() == preflight::RecipientReceivers::max_questions);
  std::size_t counted = 0;
  for (int i = 0; i < 1'000 && counted < recipients.size(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
    counted +=
        counter.count({"shop.example", {}}, shop_rules(), dns, noon + std::chrono::seconds{i + 1})
            .size();
  }
  CHECK(counted == recipients.size());
  CHECK(counter.volume().messages("shop.example", "gmail", noon) == recipients.size());
}

TEST_CASE("an author is counted by its organizational domain", "[preflight]") {
  CHECK(preflight::counted_author(domain("news.shop.co.uk")) == "shop.co.uk");
  CHECK(preflight::counted_author(domain("shop.example")) == "shop.example");
}

// sender-rules.md's 5,000: the message that reaches it is the first that is judged so.
TEST_CASE("the rules for bulk senders hold from the message that reaches the limit",
          "[preflight]") {
  struct Row {
    const char* name;
    std::uint64_t before;
    const char* errors;
    const char* advice;
  };
  const Row rows[] = {
      {"none yet", 0, "", "dkim.none"},
      {"below half", 2'498, "", "dkim.none"},
      {"half", 2'499, "", "bulk.rate dkim.none"},
      {"one below", 4'998, "", "bulk.rate dkim.none"},
      {"the 5,000th", 4'999, "dkim.none", "bulk.rate"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Departure departure;
      departure.is_signed = false;
      departure.request.receivers.names = {"gmail"};
      departure.request.envelope.recipients = {"ann@gmail.com"};
      departure.request.sent_before = [&](const std::string& author,
                                          const preflight::Receiver& receiver) {
        CHECK(author == "shop.example");
        CHECK(receiver.name == "gmail");
        return row.before;
      };
      const preflight::Report report = examine(clean_message, departure);
      CHECK(ids_of(report, preflight::Level::error) == row.errors);
      CHECK(ids_of(report, preflight::Level::advice) == row.advice);
      REQUIRE(report.volumes.size() == 1);
      CHECK(report.volumes[0].messages == row.before);
      CHECK(report.volumes[0].limit == 5'000);
    }
  }
}

TEST_CASE("all recipients of a message at the receiver count", "[preflight]") {
  Departure departure;
  departure.is_signed = false;
  departure.request.receivers.names = {"gmail", "yahoo"};
  departure.request.envelope.recipients = {"a@gmail.com", "b@googlemail.com", "c@outlook.com",
                                           "<>"};
  departure.request.sent_before = [](const std::string&, const preflight::Receiver&) {
    return std::uint64_t{4'998};
  };
  const preflight::Report report = examine(clean_message, departure);
  CHECK(ids_of(report, preflight::Level::error) == "dkim.none");
  CHECK(report.volumes.size() == 1);  // of Yahoo no number is known
}

}  // namespace sekisho::test
