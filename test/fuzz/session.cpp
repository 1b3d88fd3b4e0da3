// A session of an MTA: events in any order with any octets, one a line. The first character names
// the event, a line that begins with a blank continues the one before. Whatever comes, nobody
// passes whom the DNS does not let pass, and what we write is ours to the last octet.
#include "checkpoint/session.hpp"

#include "authres/authentication_results.hpp"
#include "fuzz/text_of.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace sekisho;
using fuzz::require;

constexpr std::string_view authserv_id = "mx.example.net";

/// example.org may send from 192.0.2.1, victim.example from nowhere; both want forgeries refused.
class SmallWorld final : public dns::Resolver {
 public:
  dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline /*deadline*/) override {
    return dns::Pending<dns::Answer>::ready(answer(question));
  }

 private:
  static dns::Answer answer(const dns::Question& question) {
    const std::string name = mail::to_lower(question.name);
    if (question.type != dns::RecordType::txt) {
      return dns::Answer::failed(dns::Status::no_data);
    }
    if (name == "example.org") {
      return dns::Answer::found({dns::Text{"v=spf1 ip4:192.0.2.1 exists:%{l}.%{h}.x -all"}});
    }
    if (name == "victim.example") {
      return dns::Answer::found({dns::Text{"v=spf1 -all"}});
    }
    if (name == "_dmarc.example.org" || name == "_dmarc.victim.example") {
      return dns::Answer::found({dns::Text{"v=DMARC1; p=reject"}});
    }
    return dns::Answer::failed(dns::Status::no_such_name);
  }
};

const std::shared_ptr<const checkpoint::Services>& services() {
  static const std::shared_ptr<const checkpoint::Services> shared = [] {
    checkpoint::Options options;
    options.authserv_id = authserv_id;
    return checkpoint::open_services(std::move(options), std::make_shared<SmallWorld>());
  }();
  return shared;
}

std::string_view take_event(std::string_view& input) {
  std::size_t end = input.find('\n');
  while (end + 1 < input.size() && mail::is_blank(input[end + 1])) {
    end = input.find('\n', end + 1);
    if (end == std::string_view::npos) {
      break;
    }
  }
  const std::string_view event = input.substr(0, end);
  input.remove_prefix(std::min(input.size(), event.size() + 1));
  return event;
}

mail::HeaderField field_from(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view value = text.substr(std::min(colon + 1, text.size()));
  return {std::string(text.substr(0, colon)), mail::restore_folds(value)};
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

void check_field(const mail::HeaderField& field) {
  require(field.name == "Authentication-Results");
  require(mail::is_clean_value(field.value));
  const auto read = authres::parse(field.value);
  require(read && read->authserv_id == authserv_id);
}

void check(const checkpoint::Verdict& verdict) {
  std::ranges::for_each(verdict.insertions, check_field);
  require(is_printable(verdict.disposition.reply.text));
  require(is_printable(verdict.disposition.reason));
  const auto& dmarc = verdict.findings.dmarc;
  if (!dmarc || dmarc->code != dmarc::ResultCode::pass) {
    return;
  }
  require(verdict.findings.author.status == mail::AuthorStatus::single_domain);
  const std::string& author = verdict.findings.author.domains.front().text();
  require(author == "example.org" || author.ends_with(".example.org"));
}

void run(checkpoint::Session& session, char event, std::string_view text) {
  switch (event) {
    case 'c':
      session.connect(dns::IpAddress::parse(text));
      break;
    case 'h':
      session.helo(std::string(text));
      break;
    case 'l':
      session.identify(std::string(text), "smtpd");
      break;
    case 'm':
      session.mail(text);
      break;
    case 'r':
      session.recipient(text);
      break;
    case 'f':
      session.header(field_from(text));
      break;
    case '.':
      session.end_of_header();
      break;
    case 'b':
      static_cast<void>(session.body(text));
      break;
    case 'e':
      if (const auto verdict = session.end_of_message("4Queue")) {
        check(*verdict);
      }
      break;
    case 'x':
      static_cast<void>(session.end_of_envelope());
      break;
    default:
      session.abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = fuzz::text_of(data, size);
  checkpoint::Session session(services());
  session.connect(dns::IpAddress::parse("192.0.2.1"));
  while (!input.empty()) {
    const std::string_view event = take_event(input);
    if (!event.empty()) {
      run(session, event.front(), event.substr(1));
    }
  }
  return 0;
}
