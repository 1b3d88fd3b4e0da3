// The words of a refusal.
#include "policy/reply.hpp"

#include <catch2/catch.hpp>

using namespace sekisho;
using policy::Options;
using policy::Refusal;

namespace {

const Refusal spf_fails{"550", "5.7.23", "SPF fails", "bank.example"};
const Refusal no_name{"550", "5.7.25", "no name", ""};
const Refusal bad_author{"550", "5.7.1", "two From fields", ""};

findings::Findings message() {
  findings::Findings findings;
  findings.client.address = dns::IpAddress::parse("2001:db8::1");
  findings.envelope.queue_id = "4cVf9q1Qz0z2xM";
  return findings;
}

std::string text_of(const std::vector<Refusal>& refusals, const Options& options,
                    const findings::Findings& findings = message()) {
  return policy::write_reply(refusals, findings, options).text;
}

}  // namespace

TEST_CASE("the fields of a reply are filled in", "[policy]") {
  Options options;
  options.url = "https://mx.example.org/?id={queue_id}&d={domain}";
  CHECK(text_of({spf_fails}, options) ==
        "SPF fails\nhttps://mx.example.org/?id=4cVf9q1Qz0z2xM&d=bank.example");
  options.reply = {"{what} [{client}, {queue_id}]", "see {url}", "call us"};
  CHECK(text_of({spf_fails}, options) ==
        "SPF fails [2001:db8::1, 4cVf9q1Qz0z2xM]\n"
        "see https://mx.example.org/?id=4cVf9q1Qz0z2xM&d=bank.example\ncall us");
}

TEST_CASE("a line with an empty field is left out, but a reply says something", "[policy]") {
  Options options;
  options.reply = {"{what}", "see {url}", "mail for {domain}"};
  CHECK(text_of({no_name}, options) == "no name");
  options.reply = {"{what} for {domain}"};
  CHECK(text_of({no_name}, options) == "no name");
  findings::Findings local;
  options.reply = {"{what} {client} {queue_id}"};
  CHECK(text_of({no_name}, options, local) == "no name local NOQUEUE");
}

TEST_CASE("a queue id that is none is not repeated", "[policy]") {
  Options options;
  options.reply = {"{what} {queue_id}"};
  findings::Findings odd = message();
  odd.envelope.queue_id = "A\r\n%1;B";
  CHECK(text_of({spf_fails}, options, odd) == "SPF fails A1B");
}

TEST_CASE("several failures have a line each and a code of their own (RFC 7372 §4)", "[policy]") {
  const policy::Reply several = policy::write_reply({spf_fails, no_name}, message(), {});
  CHECK(several == policy::Reply{"550", "5.7.26", "SPF fails\nno name"});
  CHECK(policy::write_reply({bad_author, spf_fails}, message(), {}).enhanced == "5.7.1");
}

TEST_CASE("templates are checked before they are used", "[policy]") {
  const std::string long_line(301, 'x');
  CHECK_FALSE(policy::find_template_fault({"{what}", "{url}{domain}{client}{queue_id}"}));
  for (const std::vector<std::string>& lines : {std::vector<std::string>{},
                                                {"no what"},
                                                {"{what}", "{sender}"},
                                                {"{what}", "{"},
                                                {"{what}", "{}"},
                                                {"{what}", "{what"},
                                                {"{what} \xC3\xBC"},
                                                {"{what}\nx"},
                                                {"{what}", long_line},
                                                std::vector<std::string>(11, "{what}")}) {
    CAPTURE(lines);
    CHECK(policy::find_template_fault(lines));
  }
  CHECK_FALSE(policy::find_url_fault(""));
  CHECK_FALSE(policy::find_url_fault("https://mx.example.org/{client}/{domain}/{queue_id}"));
  for (const char* url : {"mx.example.org", "https://x y", "https://x/{url}", "https://x/{what}",
                          "https://x/{", "https://x/\xFF"}) {
    CAPTURE(url);
    CHECK(policy::find_url_fault(url));
  }
  CHECK(policy::find_url_fault("https://x/{what}") ==
        "the fields {domain}, {client} and {queue_id}");
}
