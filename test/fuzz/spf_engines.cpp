// A record as a sender may publish it, evaluated by both engines: neither falls over, and they
// agree but for the differences that test/spf/engines_test.cpp names.
#include "mail/ascii.hpp"
#include "spf/check_host.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace sekisho;

/// example.org has the record; of other names the first letter says what they have.
class LetterResolver final : public dns::Resolver {
 public:
  explicit LetterResolver(std::string record) : record_(std::move(record)) {}

  dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline /*deadline*/) override {
    return dns::Pending<dns::Answer>::ready(answer(question));
  }

 private:
  [[nodiscard]] dns::Answer answer(const dns::Question& question) const {
    const std::string name = mail::to_lower(question.name);
    const char letter = name.front();
    if (question.type == dns::RecordType::txt) {
      if (name == "example.org") {
        return dns::Answer::found({dns::Text{record_}});
      }
      return dns::Answer::found({dns::Text{letter == 'p' ? "v=spf1 +all" : "v=spf1 -all"}});
    }
    if (question.type == dns::RecordType::a && (letter == 'a' || letter == 'm')) {
      return dns::Answer::found({*dns::IpAddress::parse("192.0.2.1")});
    }
    if (question.type == dns::RecordType::mx && letter == 'm') {
      return dns::Answer::found({dns::MailExchange{10, "a.example"}});
    }
    if (letter == 't') {
      return dns::Answer::failed(dns::Status::timeout);
    }
    return dns::Answer::failed(dns::Status::no_data);
  }

  std::string record_;
};

spf::Result judge(const std::string& record, spf::Engine engine) {
  spf::Request request;
  request.client = *dns::IpAddress::parse("192.0.2.1");
  request.helo = "helo.example";
  request.sender = "user-name@example.org";
  spf::Options options;
  options.engine = engine;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  dns::Lookups lookups(std::make_shared<LetterResolver>(record), {.deadline = deadline});
  return spf::check_mail_from(std::move(lookups), std::move(request), options).get();
}

/// `ptr` and the macro `p` are where libspf2 differs.
bool asks_for_client_name(std::string_view record) {
  const std::string lower = mail::to_lower(record);
  return lower.find("ptr") != std::string::npos || lower.find("%{p") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string record = "v=spf1 " + std::string(reinterpret_cast<const char*>(data), size);
  const spf::Result ours = judge(record, spf::Engine::sekisho);
  const spf::Result theirs = judge(record, spf::Engine::libspf2);
  if (ours.code != theirs.code && !asks_for_client_name(record)) {
    std::abort();
  }
  return 0;
}
