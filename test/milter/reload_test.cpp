// Reloads under full load: every message gets one answer, and the right one.
#include "keys/key_folder.hpp"
#include "keys/publication.hpp"
#include "milter/daemon_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <libmilter/mfdef.h>

using namespace sekisho::test;
using namespace std::chrono_literals;
using sekisho::keys::KeyFolder;

namespace {

constexpr int senders = 6;

/// Ten seconds, or as SEKISHO_RELOAD_SECONDS says.
std::chrono::seconds duration() {
  const char* text = std::getenv("SEKISHO_RELOAD_SECONDS");  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? 10s : std::chrono::seconds(std::stoi(text));
}

enum class Kind { honest, ours, forged };

bool is_signed(const Outcome& outcome) {
  return std::ranges::any_of(outcome.edits, [](const HeaderEdit& edit) {
    return edit.name == "DKIM-Signature" && edit.value.contains("d=example.org");
  });
}

/// Whether this is the answer that such a message gets under either configuration.
bool is_right(Kind kind, const Outcome& outcome) {
  const std::string results = results_in(outcome);
  const bool named = results.contains(" mx1.example.net;") || results.contains(" mx2.example.net;");
  switch (kind) {
    case Kind::honest:
      return outcome.code == 'c' && named && results.contains("dmarc=pass") && !is_signed(outcome);
    case Kind::ours:
      return outcome.code == 'c' && is_signed(outcome);
    case Kind::forged:
      return outcome.code == 'y' && outcome.reply.starts_with("550 5.7.26");
  }
  std::unreachable();
}

/// What one sender has seen. Catch's assertions are not for threads.
struct Account {
  std::map<std::string, Kind> sent;  ///< By queue id.
  std::vector<std::string> wrong;
};

MilterClient open_as(const std::string& socket, Kind kind) {
  MilterClient client(socket);
  static_cast<void>(client.negotiate());
  client.connect(kind == Kind::forged ? "203.0.113.66" : "192.0.2.1");
  client.helo();
  return client;
}

void send_one(MilterClient& client, Kind kind, const std::string& queue_id, Account& account) {
  if (kind == Kind::ours) {
    client.macros(SMFIC_MAIL, {{"{auth_authen}", "alice"}});
  }
  Message message = plain();
  message.queue_id = queue_id;
  message.body = queue_id + "\r\n";
  account.sent.emplace(queue_id, kind);
  const Outcome outcome = client.send(message);
  if (!is_right(kind, outcome)) {
    account.wrong.push_back(queue_id + ": " + outcome.code + " " + outcome.reply + " " +
                            results_in(outcome));
  }
}

/// Two messages a connection, so that reloads meet connections of every age.
void send_until(const std::atomic<bool>& enough, const std::string& socket, int number,
                Account& account) {
  try {
    for (int round = 0; !enough; ++round) {
      const auto kind = static_cast<Kind>(round % 3);
      const std::string id = "4S" + std::to_string(number) + "R" + std::to_string(round) + "M";
      MilterClient client = open_as(socket, kind);
      send_one(client, kind, id + "1", account);
      send_one(client, kind, id + "2", account);
      client.quit();
    }
  } catch (const std::exception& error) {
    account.wrong.emplace_back(error.what());
  }
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// At once, as an editor does it: the daemon may be reading.
void replace(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path next = file.string() + ".next";
  std::ofstream(next, std::ios::binary) << text;
  std::filesystem::rename(next, file);
}

/// Three configurations by turns, of which the last cannot be taken.
std::size_t reload_for(std::chrono::seconds time, const DaemonProcess& daemon) {
  const std::filesystem::path file = daemon.folder().path() / "sekisho.toml";
  const std::string first = contents(file);
  std::string second = first;
  second.replace(second.find("mx1."), 4, "mx2.");
  const std::string configurations[] = {second, first, "nonsense = true\n" + first};
  const auto end = std::chrono::steady_clock::now() + time;
  std::size_t reloads = 0;
  for (; std::chrono::steady_clock::now() < end; ++reloads) {
    replace(file, configurations[reloads % std::size(configurations)]);
    daemon.signal(SIGUSR1);
    std::this_thread::sleep_for(100ms);
  }
  return reloads;
}

/// The lines of messages in the log, by queue id.
std::map<std::string, std::vector<std::string>> lines_of_messages(const std::string& log) {
  std::map<std::string, std::vector<std::string>> lines;
  std::istringstream stream(log);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t begin = line.find(": 4S");
    const std::size_t end = line.find(": client=");
    if (begin != std::string::npos && end != std::string::npos) {
      lines[line.substr(begin + 2, end - begin - 2)].push_back(line);
    }
  }
  return lines;
}

std::string action_of(Kind kind) {
  return kind == Kind::forged ? "action=reject" : "action=accept";
}

}  // namespace

TEST_CASE("reloads under full load lose and double nothing", "[socket]") {
  const KeyFolder folder;
  const std::string zone = DaemonFixture::zone() + "s1._domainkey.example.org. TXT \"" +
                           sekisho::keys::format_key_record(folder.key) + "\"\n";
  DaemonFixture fixture(zone, "authserv_id = \"mx1.example.net\"",
                        "[[sign]]\ndomain = \"example.org\"\nselector = \"s1\"\nkey_file = \"" +
                            folder.path("key.pem") + "\"\n");
  REQUIRE(fixture.daemon.wait_for_log("published"));

  std::atomic<bool> enough = false;
  std::vector<Account> accounts(senders);
  std::vector<std::jthread> threads;
  for (int number = 0; number < senders; ++number) {
    threads.emplace_back([&, number] {
      send_until(enough, fixture.daemon.socket(), number,
                 accounts[static_cast<std::size_t>(number)]);
    });
  }
  const std::size_t reloads = reload_for(duration(), fixture.daemon);
  enough = true;
  threads.clear();
  CHECK(fixture.daemon.stop() == 0);

  const auto lines = lines_of_messages(fixture.daemon.log());
  std::size_t sent = 0;
  for (const Account& account : accounts) {
    CHECK(account.wrong.empty());
    if (!account.wrong.empty()) {
      WARN(account.wrong.front());
    }
    sent += account.sent.size();
    for (const auto& [id, kind] : account.sent) {
      const auto found = lines.find(id);
      if (found == lines.end() || found->second.size() != 1 ||
          !found->second.front().contains(action_of(kind))) {
        FAIL_CHECK("not one line with its action: " << id);
      }
    }
  }
  CHECK(lines.size() == sent);
  CHECK_THAT(fixture.daemon.log(), Catch::Contains("not reloaded"));
  WARN(sent << " messages over " << reloads << " reloads");
}
