#include "dns/records.hpp"
#include "dns/scripted_server.hpp"
#include "dns/stub_resolver.hpp"
#include "dns/zone_file.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

using enum RecordType;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* nsd_program = "/usr/sbin/nsd";

// NSD in the foreground, in a folder of its own, as whoever runs the test.
class Nsd {
 public:
  explicit Nsd(const std::string& zone) {
    std::string pattern = fs::temp_directory_path() / "sekisho-nsd-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("no folder for NSD");
    }
    folder_ = pattern;
    std::ofstream(folder_ / "example.org.zone") << zone;
    write_configuration();
    process_ = fork();
    if (process_ == 0) {
      become_nsd();
    }
  }
  Nsd(const Nsd&) = delete;
  Nsd& operator=(const Nsd&) = delete;
  ~Nsd() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    fs::remove_all(folder_);
  }

  [[nodiscard]] Server address() const { return address_; }
  [[nodiscard]] bool has_ended() const { return waitpid(process_, nullptr, WNOHANG) != 0; }

 private:
  void write_configuration() const {
    const std::string folder = folder_;
    std::ofstream(folder_ / "nsd.conf")
        << "server:\n  ip-address: 127.0.0.1@" << address_.port
        << "\n  username: \"\"\n  chroot: \"\"\n  server-count: 1\n  database: \"\"\n  zonesdir: \""
        << folder << "\"\n  pidfile: \"" << folder << "/nsd.pid\"\n  xfrdfile: \"" << folder
        << "/xfrd.state\"\n  zonelistfile: \"" << folder << "/zone.list\"\n  xfrdir: \"" << folder
        << "\"\nremote-control:\n  control-enable: no\n"
        << "zone:\n  name: example.org\n  zonefile: example.org.zone\n";
  }

  [[noreturn]] void become_nsd() const {
    const int log = open((folder_ / "log").c_str(), O_WRONLY | O_CREAT, 0600);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execl(nsd_program, nsd_program, "-d", "-c", (folder_ / "nsd.conf").c_str(), nullptr);
    _exit(127);
  }

  fs::path folder_;
  Server address_ = dead_server();
  pid_t process_ = -1;
};

// The example zone, and one TXT record that no datagram of 1232 octets can hold.
std::string zone_text() {
  std::ifstream file(SEKISHO_TEST_DATA "/dns/nsd.zone");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  text += "big TXT";
  for (int i = 0; i < 60; ++i) {
    text += " " + std::string(255, static_cast<char>('A' + i % 26));
  }
  return text + "\n";
}

// The order of records in a set means nothing, nor does case; NSD writes names in lower case.
std::string ask(Resolver& resolver, const Question& question) {
  Answer answer = resolver.lookup(question, std::chrono::steady_clock::now() + 10s).get();
  if (answer.records) {
    std::vector<Record> records = *answer.records;
    std::ranges::sort(records, {},
                      [](const Record& record) { return shown(Answer::found({record})); });
    answer = Answer::found(std::move(records));
  }
  return lower_case(shown(answer));
}

TEST_CASE("NSD's answers are those of the same master file", "[dns][nsd]") {
  if (!fs::exists(nsd_program)) {
    WARN("NSD is not installed");
    return;
  }
  const auto zone = ZoneFile::parse(zone_text(), "nsd.zone");
  if (!zone) {
    FAIL(zone.error().message);
  }
  const Nsd nsd(zone_text());
  Options options;
  options.nameservers = {nsd.address()};
  options.timeout = 20s;
  StubResolver resolver(options);
  REQUIRE(ask(resolver, {"ns.example.org", a}) == "found 127.0.0.1");
  REQUIRE_FALSE(nsd.has_ended());

  for (const char* name : {"example.org",
                           "mail.example.org",
                           "MAIL.example.org",
                           "null.example.org",
                           "www.example.org",
                           "www2.example.org",
                           "dangling.example.org",
                           "loop-a.example.org",
                           "_dmarc.sub.example.org",
                           "sub.example.org",
                           "srv.example.org",
                           "x.wild.example.org",
                           "x.y.wild.example.org",
                           "a.wild.example.org",
                           "x.a.wild.example.org",
                           "wild.example.org",
                           "*.wild.example.org",
                           "x.alias.example.org",
                           "odd label\xe2.example.org",
                           "many.example.org",
                           "big.example.org",
                           "nowhere.example.org"}) {
    for (const RecordType type : {a, aaaa, mx, txt, ptr, cname}) {
      CAPTURE(name, format_type(type));
      CHECK(ask(resolver, {name, type}) == ask(**zone, {name, type}));
    }
  }
  CHECK(resolver.statistics().tcp == 1);
  CHECK(ask(resolver, {"big.example.org", txt}).size() > 15'000);
  CHECK(ask(resolver, {"example.com", a}) == "refused");
}

}  // namespace
}  // namespace sekisho::dns
