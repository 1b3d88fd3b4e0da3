#include "report/import/reader_process.hpp"

#include <csignal>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::report::import {

namespace {

struct Outcome {
  std::string output;
  std::string end;
};

Outcome run(const ReaderProcess::Work& work, const ProcessLimits& limits = {}, int kept = -1) {
  auto process = ReaderProcess::start(work, limits, kept);
  REQUIRE(process);
  Outcome outcome;
  for (auto piece = process->read(); !piece.empty(); piece = process->read()) {
    outcome.output += piece;
  }
  outcome.end = process->wait();
  return outcome;
}

void say(ProcessOutput& output, std::string_view text) {
  output.octets() += text;
  output.flush();
}

}  // namespace

TEST_CASE("what a process found arrives", "[report]") {
  const std::string large(1'000'000, 'x');
  const Outcome outcome = run([&](ProcessOutput& output) {
    output.octets() = large;
    output.flush_if_large();
    CHECK(output.octets().empty());
    output.octets() = "end";
    output.flush_if_large();
    CHECK(output.octets() == "end");
  });
  CHECK(outcome.output.size() == large.size() + 3);
  CHECK(outcome.output.ends_with("xend"));
  CHECK(outcome.end.empty());
}

TEST_CASE("whatever ends a process, what came before arrives, and the end is told", "[report]") {
  struct Case {
    std::string name;
    void (*end)();
    std::string told;
  };
  const Case cases[] = {
      {"a fault", [] { std::raise(SIGSEGV); },
       "cannot be read: the reading process ended by signal 11"},
      {"an abort", [] { std::abort(); }, "cannot be read: the reading process ended by signal 6"},
      {"want of memory", [] { throw std::bad_alloc(); }, "takes too much memory to read"},
      {"an exception", [] { throw std::runtime_error("x"); },
       "cannot be read: the reading process failed"},
      {"a library that leaves", [] { std::_Exit(9); },
       "cannot be read: the reading process failed"},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      const Outcome outcome = run([&](ProcessOutput& output) {
        for (const int number : {SIGSEGV, SIGABRT}) {
          std::signal(number, SIG_DFL);  // Catch's own
        }
        say(output, "first");
        output.octets() += "lost";
        row.end();
      });
      CHECK(outcome.output == "first");
      CHECK(outcome.end == row.told);
    }
  }
}

TEST_CASE("a process has the time that it may take for a piece of work", "[report]") {
  const Outcome outcome = run(
      [](ProcessOutput& output) {
        say(output, "first");
        volatile std::uint64_t turns = 0;
        for (;;) {
          turns = turns + 1;
        }
      },
      {.cpu_seconds = 0});
  CHECK(outcome.output == "first");
  CHECK(outcome.end == "takes too long to read");
}

#ifndef SEKISHO_SANITIZED
TEST_CASE("a process has the memory that it may take", "[report]") {
  const auto take = [](std::size_t octets) {
    return run(
        [&](ProcessOutput& output) {
          const std::vector<char> memory(octets, 'x');
          say(output, {&memory.back(), 1});
        },
        {.memory = std::uint64_t{200} << 20U});
  };
  CHECK(take(std::size_t{50} << 20U).output == "x");
  CHECK(take(std::size_t{250} << 20U).end == "takes too much memory to read");
}
#endif

TEST_CASE("a process has none of the program's files but the one that it is given", "[report]") {
  const int given = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int other = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const auto is_open = [&](int descriptor, int kept) {
    return run(
               [&](ProcessOutput& output) {
                 output.octets() = fcntl(descriptor, F_GETFD) < 0 ? "no" : "yes";
               },
               {}, kept)
        .output;
  };
  CHECK(is_open(given, given) == "yes");
  CHECK(is_open(other, given) == "no");
  CHECK(is_open(given, other) == "no");
  CHECK(is_open(given, -1) == "no");
  CHECK(is_open(STDERR_FILENO, -1) == "yes");
  close(given);
  close(other);
}

TEST_CASE("a process that nobody listens to ends", "[report]") {
  auto process = ReaderProcess::start(
      [](ProcessOutput& output) {
        for (;;) {
          say(output, std::string(100'000, 'x'));
        }
      },
      {});
  REQUIRE(process);
  CHECK_FALSE(process->read().empty());
}

}  // namespace sekisho::report::import
