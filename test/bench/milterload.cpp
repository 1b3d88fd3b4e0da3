// Sends a corpus through a running milter over many connections, as an MTA would; tells how fast it
// answered, and whether as it should.
#include "authres/authentication_results.hpp"
#include "bench/corpus.hpp"
#include "bench/script.hpp"
#include "guarded.hpp"
#include "milter/milter_client.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <exception>
#include <iostream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <libmilter/mfdef.h>
#include <nlohmann/json.hpp>

using namespace sekisho;
using namespace sekisho::bench;

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string socket;
  std::string next;  ///< A second milter, which has each message as the first one left it.
  std::string corpus;
  std::size_t connections = 4;
  std::size_t messages = 0;        ///< 0: the corpus once.
  std::size_t per_connection = 1;  ///< Messages; Postfix sends one or a few.
  bool checks_results = true;
  std::size_t signatures = 0;  ///< Expected instead of results, if any.
  std::string hold;            ///< "idle" or "body": connections are held there instead.
  bool as_json = false;
};

/// The connections of one SMTP session: one, or two where a second milter comes after the first.
struct Chain {
  test::MilterClient first;
  std::optional<test::MilterClient> second;
};

struct Times {
  std::vector<double> end;    ///< From the end of the message to its answer, in milliseconds.
  std::vector<double> whole;  ///< From MAIL to the answer.
};

struct Run {
  Times times;
  std::vector<std::string> faults;  ///< Answers that are not as expected, and connections lost.
};

double quantile(std::vector<double>& sorted, double part) {
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
  return sorted.at(std::max<std::size_t>(rank, 1) - 1);
}

Json summary_of(std::vector<double> times) {
  if (times.empty()) {
    return nullptr;
  }
  std::ranges::sort(times);
  return {{"p50", quantile(times, 0.5)},
          {"p95", quantile(times, 0.95)},
          {"p99", quantile(times, 0.99)},
          {"max", times.back()}};
}

/// METHOD=RESULT of each, in order.
std::vector<std::string> results_of(const test::HeaderEdit& edit) {
  std::vector<std::string> results;
  if (const auto parsed = authres::parse(edit.value)) {
    for (const authres::MethodResult& result : parsed->results) {
      results.push_back(result.method + '=' + result.result);
    }
  }
  std::ranges::sort(results);
  return results;
}

/// What was changed but for Sekisho-Proof, which stands beside whatever is added.
std::vector<test::HeaderEdit> edits_of(const test::Outcome& outcome) {
  std::vector<test::HeaderEdit> edits = outcome.edits;
  std::erase_if(edits, [](const test::HeaderEdit& edit) { return edit.name == "Sekisho-Proof"; });
  return edits;
}

/// Empty: our field alone was added, with these results and no others.
std::string find_result_fault(const test::Outcome& outcome, std::vector<std::string> expected) {
  const std::vector<test::HeaderEdit> edits = edits_of(outcome);
  if (edits.size() != 1 || edits.front().name != "Authentication-Results") {
    return std::to_string(edits.size()) + " edits, not Authentication-Results alone";
  }
  std::ranges::sort(expected);
  const std::string& value = edits.front().value;
  return results_of(edits.front()) == expected ? "" : "not the expected results: " + value;
}

/// Empty: it was signed so often, and nothing else.
std::string find_signature_fault(const test::Outcome& outcome, std::size_t signatures) {
  const std::vector<test::HeaderEdit> edits = edits_of(outcome);
  const auto added = std::ranges::count(edits, "DKIM-Signature", &test::HeaderEdit::name);
  return std::cmp_equal(added, signatures) && edits.size() == signatures
             ? ""
             : std::to_string(added) + " signatures";
}

/// Empty: as expected.
std::string find_fault(const test::Outcome& outcome, const Script& script, std::size_t signatures) {
  if (outcome.code != SMFIR_CONTINUE || outcome.quarantine) {
    return std::string("answered ") + outcome.code + ' ' + outcome.reply +
           outcome.quarantine.value_or("");
  }
  return signatures > 0 ? find_signature_fault(outcome, signatures)
                        : find_result_fault(outcome, script.expected);
}

class Driver {
 public:
  Driver(const Arguments& arguments, std::vector<Case> corpus)
      : arguments_(arguments), corpus_(std::move(corpus)) {
    const std::uint32_t steps = steps_of(arguments.socket);
    if (!arguments.next.empty()) {
      next_steps_ = steps_of(arguments.next);
    }
    for (std::size_t i = 0; i < corpus_.size(); ++i) {
      scripts_.push_back(write_script(corpus_[i], steps, queue_id(i)));
      if (arguments.next.empty()) {
        corpus_[i].body.clear();
      }
    }
    messages_ = arguments.messages == 0 ? corpus_.size() : arguments.messages;
  }

  Run drive() {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < arguments_.connections; ++i) {
      threads.emplace_back([this] { work(); });
    }
    std::ranges::for_each(threads, &std::thread::join);
    return std::move(*run_.lock());
  }

  /// Opens the connections and brings each to its place.
  std::vector<test::MilterClient> hold() const {
    std::vector<test::MilterClient> held;
    for (std::size_t i = 0; i < arguments_.connections; ++i) {
      const std::size_t number = i % corpus_.size();
      test::MilterClient& client = held.emplace_back(open(arguments_.socket, corpus_[number]));
      if (arguments_.hold == "body") {
        const auto& exchanges = scripts_[number].exchanges;
        for (const Exchange& exchange : exchanges) {
          if (&exchange == &exchanges.back()) {
            break;
          }
          client.send_raw(exchange.octets);
          static_cast<void>(client.read_packet());
        }
      }
    }
    return held;
  }

 private:
  static std::uint32_t steps_of(const std::string& socket) {
    return test::MilterClient(socket).negotiate().steps;
  }
  static std::string queue_id(std::size_t number) { return "4Load" + std::to_string(number); }

  test::MilterClient open(const std::string& socket, const Case& first) const {
    test::MilterClient client(socket);
    client.negotiate();
    introduce(client, first);
    return client;
  }

  void work() {
    Times times;
    while (next_ < messages_) {
      try {
        converse(times);
      } catch (const std::exception& error) {
        run_.lock()->faults.emplace_back(error.what());
      }
    }
    const auto run = run_.lock();
    std::ranges::copy(times.end, std::back_inserter(run->times.end));
    std::ranges::copy(times.whole, std::back_inserter(run->times.whole));
  }

  /// One connection. All its messages come from the client of the first.
  void converse(Times& times) {
    std::size_t number = next_++;
    if (number >= messages_) {
      return;
    }
    const Case& opening = corpus_[number % corpus_.size()];
    Chain chain{open(arguments_.socket, opening), {}};
    if (!arguments_.next.empty()) {
      chain.second = open(arguments_.next, opening);
    }
    for (std::size_t sent = 1; number < messages_; ++sent) {
      pass(chain, number % scripts_.size(), times);
      if (sent == arguments_.per_connection) {
        break;
      }
      number = next_++;
    }
    chain.first.quit();
    if (chain.second) {
      chain.second->quit();
    }
  }

  /// One message through all milters.
  void pass(Chain& chain, std::size_t number, Times& times) {
    const Script& script = scripts_[number];
    const auto outcome = say(chain.first, script, times);
    if (!outcome) {
      return;
    }
    if (arguments_.checks_results) {
      std::string fault = find_fault(*outcome, script, arguments_.signatures);
      if (!fault.empty()) {
        run_.lock()->faults.push_back(std::move(fault));
      }
    }
    if (chain.second) {
      Case left = corpus_[number];
      left.header = test::delivered(left.header, *outcome);
      Times later;
      static_cast<void>(
          say(*chain.second, write_script(left, next_steps_, queue_id(number)), later));
      if (!later.whole.empty()) {
        times.end.back() += later.end.front();
        times.whole.back() += later.whole.front();
      }
    }
  }

  /// nullopt: it was answered before its end.
  std::optional<test::Outcome> say(test::MilterClient& client, const Script& script, Times& times) {
    const auto begin = Clock::now();
    const Exchange& end = script.exchanges.back();
    char answer = SMFIR_CONTINUE;
    for (const Exchange& exchange : script.exchanges) {
      if (&exchange == &end) {
        break;
      }
      if (exchange.is_body && answer == SMFIR_SKIP) {
        continue;
      }
      client.send_raw(exchange.octets);
      answer = client.read_packet().code;
      if (answer != SMFIR_CONTINUE && answer != SMFIR_SKIP) {
        run_.lock()->faults.push_back(std::string("answered early: ") + answer);
        return std::nullopt;
      }
    }
    const auto ended = Clock::now();
    client.send_raw(end.octets);
    test::Outcome outcome = client.read_outcome();
    const auto now = Clock::now();
    times.end.push_back(Milliseconds(now - ended).count());
    times.whole.push_back(Milliseconds(now - begin).count());
    return outcome;
  }

  const Arguments& arguments_;
  std::vector<Case> corpus_;
  std::vector<Script> scripts_;
  std::uint32_t next_steps_ = 0;
  std::size_t messages_ = 0;
  std::atomic<std::size_t> next_ = 0;
  Guarded<Run> run_;
};

void print(const Json& times, const char* what) {
  if (!times.is_null()) {
    std::cout << what << " in ms: median " << times["p50"] << ", 95 % " << times["p95"] << ", 99 % "
              << times["p99"] << ", longest " << times["max"] << '\n';
  }
}

int load(Driver& driver, const Arguments& arguments) {
  const auto begin = Clock::now();
  Run run = driver.drive();
  const double seconds = Milliseconds(Clock::now() - begin).count() / 1'000;
  const auto count = static_cast<double>(run.times.whole.size());
  const Json json = {{"messages", run.times.whole.size()},
                     {"seconds", seconds},
                     {"per_second", count / seconds},
                     {"end_of_message_ms", summary_of(std::move(run.times.end))},
                     {"whole_ms", summary_of(std::move(run.times.whole))},
                     {"wrong", run.faults.size()}};
  if (arguments.as_json) {
    std::cout << json.dump() << '\n';
  } else {
    std::cout << json["messages"] << " messages in " << seconds << " s: " << json["per_second"]
              << " a second\n";
    print(json["end_of_message_ms"], "end of message");
    print(json["whole_ms"], "MAIL to answer");
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(run.faults.size(), 5); ++i) {
    std::cerr << "wrong: " << run.faults[i] << '\n';
  }
  return run.faults.empty() ? 0 : 1;
}

int hold(const Driver& driver) {
  const auto held = driver.hold();
  std::cout << "held " << held.size() << std::endl;  // NOLINT(performance-avoid-endl): it is read
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Sends the messages of CORPUS through the milter at SOCKET");
  Arguments arguments;
  app.add_option("--connections", arguments.connections, "At a time")->capture_default_str();
  app.add_option("--messages", arguments.messages, "In all; 0: the corpus once");
  app.add_option("--per-connection", arguments.per_connection, "Messages a connection")
      ->capture_default_str();
  app.add_flag("!--any-result", arguments.checks_results, "For a milter that is not Sekisho");
  app.add_option("--signatures", arguments.signatures,
                 "So many are expected on each message, and no results");
  app.add_option("--hold", arguments.hold,
                 "Hold the connections there until standard input ends: idle, or in the body")
      ->check(CLI::IsMember({"idle", "body"}));
  app.add_option("--then", arguments.next, "A milter that has each message as SOCKET left it");
  app.add_flag("--json", arguments.as_json);
  app.add_option("SOCKET", arguments.socket, "unix:PATH or inet:PORT@ADDRESS")->required();
  app.add_option("CORPUS", arguments.corpus, "Made by make_corpus")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    Driver driver(arguments, read_corpus(arguments.corpus));
    return arguments.hold.empty() ? load(driver, arguments) : hold(driver);
  } catch (const std::exception& error) {
    std::cerr << "milterload: " << error.what() << '\n';
    return 2;
  }
}
