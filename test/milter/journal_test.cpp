// Entries of systemd's journal: its native protocol, and what stands beside a message's line.
#include "milter/monitor/journal.hpp"

#include "support/descriptor.hpp"

#include <array>
#include <filesystem>
#include <string>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace std::string_literals;
using milter::Journal;
using milter::JournalField;

namespace {

/// The journal's end of its socket.
class Reader {
 public:
  Reader() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    std::string name = (std::filesystem::temp_directory_path() / "sekisho-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(std::data(address.sun_path), sizeof address.sun_path - 1);
    REQUIRE(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~Reader() { std::filesystem::remove_all(folder_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  [[nodiscard]] std::string path() const { return (folder_ / "socket").string(); }

  std::string next() {
    pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    constexpr int at_most_ms = 30'000;
    REQUIRE(poll(&waiting, 1, at_most_ms) == 1);
    std::array<char, 4096> text{};
    const ssize_t size = recv(socket_.get(), text.data(), text.size(), 0);
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  }

 private:
  std::filesystem::path folder_;
  test::Descriptor socket_;
};

}  // namespace

TEST_CASE("an entry is its text and its fields", "[milter]") {
  Reader reader;
  const Journal journal(reader.path());
  const JournalField fields[] = {{"SEKISHO_QUEUE_ID", "4XyZ"}, {"SEKISHO_SENDER", "a=b@c"}};
  CHECK(journal.send(LOG_INFO, "4XyZ: client=192.0.2.1", fields));
  CHECK(reader.next() ==
        "MESSAGE=4XyZ: client=192.0.2.1\nPRIORITY=6\nSYSLOG_IDENTIFIER=sekishod\n"
        "SEKISHO_QUEUE_ID=4XyZ\nSEKISHO_SENDER=a=b@c\n");
}

TEST_CASE("no value can begin a field of its own", "[milter]") {
  Reader reader;
  const Journal journal(reader.path());
  const JournalField fields[] = {{"SEKISHO_SENDER", "a\nPRIORITY=0"}};
  CHECK(journal.send(LOG_ERR, "text", fields));
  CHECK(reader.next() ==
        "MESSAGE=text\nPRIORITY=3\nSYSLOG_IDENTIFIER=sekishod\n"
        "SEKISHO_SENDER\n\x0c\0\0\0\0\0\0\0a\nPRIORITY=0\n"s);
}

TEST_CASE("a journal that is not there takes nothing, and another may follow", "[milter]") {
  Reader reader;
  const Journal journal(reader.path());
  std::filesystem::rename(reader.path(), reader.path() + ".away");
  CHECK_FALSE(journal.send(LOG_INFO, "lost", {}));
  std::filesystem::rename(reader.path() + ".away", reader.path());
  CHECK(journal.send(LOG_INFO, "back", {}));
  CHECK(reader.next().starts_with("MESSAGE=back\n"));
  CHECK_FALSE(Journal(std::string(200, 'x')).send(LOG_INFO, "", {}));
}

TEST_CASE("a message is found by what one knows of it", "[milter]") {
  checkpoint::Verdict verdict;
  verdict.findings.client.address = dns::IpAddress::parse("192.0.2.1");
  verdict.disposition.action = policy::Action::reject;
  SECTION("of a bounce without an author") {
    CHECK(milter::journal_fields(milter::message_facts(verdict, std::chrono::milliseconds(3))) ==
          std::vector<JournalField>{{"SEKISHO_CLIENT", "192.0.2.1"}, {"SEKISHO_ACTION", "reject"}});
  }
  SECTION("of a message") {
    verdict.findings.envelope.queue_id = "4XyZ";
    verdict.findings.envelope.sender = "alice@example.org";
    verdict.findings.author.status = mail::AuthorStatus::single_domain;
    verdict.findings.author.domains = {*mail::Domain::parse("example.org")};
    verdict.findings.dmarc = dmarc::Result{dmarc::ResultCode::fail};
    CHECK(milter::journal_fields(milter::message_facts(verdict, std::chrono::milliseconds(3))) ==
          std::vector<JournalField>{{"SEKISHO_QUEUE_ID", "4XyZ"},
                                    {"SEKISHO_CLIENT", "192.0.2.1"},
                                    {"SEKISHO_SENDER", "alice@example.org"},
                                    {"SEKISHO_AUTHOR", "example.org"},
                                    {"SEKISHO_DMARC", "fail"},
                                    {"SEKISHO_ACTION", "reject"}});
  }
}
