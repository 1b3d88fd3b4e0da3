// Requests that go out: limits, redirects, certificates. The host listens on loopback, port 443,
// which only root may do.
#include "fetch/https.hpp"
#include "fetch/https_host.hpp"
#include "support/fake_resolver.hpp"
#include "support/skip.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::fetch {
namespace {

using test::HttpsHost;
using test::Identity;
using test::make_identity;
using test::Pages;

constexpr std::size_t limit = 100;

std::string page(const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body;
}
std::string sized(const std::string& body) {
  return page(body, "Content-Length: " + std::to_string(body.size()) + "\r\n");
}
std::string redirect(const std::string& location) {
  return "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n" + location + "\r\n";
}

test::Validity lately() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {now - std::chrono::days(1), now + std::chrono::days(1)};
}

/// a.example and b.example, on one address, with the certificate of a.example.
struct Web {
  Identity authority = make_identity("authority.example", nullptr, true, lately());
  Identity identity = make_identity("a.example", &authority, false, lately());
  test::AuthorityFile file{authority.pem()};
  Pages pages = {
      {"/", page("hello", "Content-Type: text/plain; x\r\n")},
      {"/query?a=b", page("query")},
      {"/missing", "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"},
      {"/full", page(std::string(limit, 'x'))},
      {"/over", page(std::string(limit + 1, 'x'))},
      {"/full-told", sized(std::string(limit, 'x'))},
      {"/over-told", sized(std::string(limit + 1, 'x'))},
      {"/once", redirect("Location: /\r\n")},
      {"/twice", redirect("Location: https://a.example/once\r\n")},
      {"/to-http", redirect("Location: http://a.example/\r\n")},
      {"/to-port", redirect("Location: https://a.example:8443/\r\n")},
      {"/to-b", redirect("Location: https://b.example/\r\n")},
      {"/nowhere", redirect("")},
      {"/garbage", "SSH-2.0-x\r\n"},
  };
  std::shared_ptr<test::FakeResolver> dns = std::make_shared<test::FakeResolver>();
  Options options;
  std::unique_ptr<HttpsHost> host;

  Web() {
    signal(SIGPIPE, SIG_IGN);                     // of the host, where the client goes first
    dns->add_address("a.example", "127.0.0.78");  // where nobody listens: the next one is tried
    dns->add_address("a.example", HttpsHost::address());
    dns->add_address("b.example", HttpsHost::address());
    dns->add_address("silent.example", "127.0.0.78");
    options.max_octets = limit;
    options.allow_private = true;
    options.timeout = options.connect_timeout = std::chrono::seconds(20);
    options.authorities = file.path();
    host = HttpsHost::open(identity, pages);
  }

  [[nodiscard]] auto get(const std::string& url) const {
    return fetch::get(test::lookups_on(dns), url, options);
  }
  /// The status and the body, or the fault.
  [[nodiscard]] std::string outcome(const std::string& url) const {
    const auto response = get(url);
    return response ? std::to_string(response->status) + " " + response->body
                    : std::string(format_fault(response.error().fault));
  }
};

bool can_listen(const Web& web) {
  if (!web.host) {
    test::skip("needs port 443 of loopback");
  }
  return web.host != nullptr;
}

}  // namespace

TEST_CASE("a page comes with its status, type and address", "[fetch]") {
  Web web;
  if (!can_listen(web)) {
    return;
  }
  const auto response = web.get("https://A.example/#x");
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->body == "hello");
  CHECK(response->content_type == "text/plain; x");
  CHECK(response->address.text() == HttpsHost::address());
  CHECK(web.outcome("https://a.example/query?a=b") == "200 query");
  CHECK(web.outcome("https://a.example/missing") == "404 ");
  CHECK(web.host->requests() ==
        std::vector<std::string>{"a.example /", "a.example /query?a=b", "a.example /missing"});
}

TEST_CASE("the limit of octets is exact", "[fetch]") {
  const Web web;
  if (!can_listen(web)) {
    return;
  }
  const std::string whole = "200 " + std::string(limit, 'x');
  CHECK(web.outcome("https://a.example/full") == whole);
  CHECK(web.outcome("https://a.example/full-told") == whole);
  CHECK(web.outcome("https://a.example/over") == "too large");
  CHECK(web.outcome("https://a.example/over-told") == "too large");
}

TEST_CASE("redirects are followed as often as allowed, and checked like any URL", "[fetch]") {
  Web web;
  if (!can_listen(web)) {
    return;
  }
  struct Row {
    const char* path;
    unsigned redirects;
    const char* outcome;
  };
  const Row rows[] = {
      {"once", 0, "redirected"},
      {"once", 1, "200 hello"},
      {"twice", 1, "redirected"},
      {"twice", 2, "200 hello"},
      {"nowhere", 9, "redirected"},
      {"to-http", 9, "no https: URL with a host name and port 443"},
      {"to-port", 9, "no https: URL with a host name and port 443"},
      {"to-b", 9, "the certificate is not valid for the host"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path, row.redirects);
    web.options.redirects = row.redirects;
    CHECK(web.outcome("https://a.example/" + std::string(row.path)) == row.outcome);
  }
}

TEST_CASE("a host is who its certificate says", "[fetch]") {
  Web web;
  if (!can_listen(web)) {
    return;
  }
  CHECK(web.outcome("https://b.example/") == "the certificate is not valid for the host");
  const test::AuthorityFile other(make_identity("other.example", nullptr, true, lately()).pem());
  web.options.authorities = other.path();
  CHECK(web.outcome("https://a.example/") == "the certificate is not valid for the host");
  web.options.authorities = "";
  CHECK(web.outcome("https://a.example/") == "the certificate is not valid for the host");
}

TEST_CASE("what is no answer has its fault", "[fetch]") {
  Web web;
  if (!can_listen(web)) {
    return;
  }
  CHECK(web.outcome("https://a.example/garbage") == "no valid HTTP answer");
  CHECK(web.outcome("https://a.example/closed") == "no valid HTTP answer");
  CHECK(web.outcome("https://silent.example/") == "no connection");
  CHECK(web.outcome("https://none.example/") == "the host has no address");
  web.options.allow_private = false;
  CHECK(web.outcome("https://a.example/") == "the host has only addresses that are not public");
}

TEST_CASE("four addresses of a host are enough", "[fetch]") {
  auto resolver = std::make_shared<test::FakeResolver>();
  for (int i = 1; i <= 5; ++i) {
    resolver->add_address("a.example", "198.16.0." + std::to_string(i));
  }
  CHECK(permitted_addresses(test::lookups_on(resolver), "a.example", false)->size() == 4);
}

TEST_CASE("a URL of 2000 octets is fetched, and no longer one", "[fetch]") {
  const std::string url = "https://a.example/";
  CHECK(parse_url(url + std::string(2'000 - url.size(), 'x')));
  CHECK_FALSE(parse_url(url + std::string(2'001 - url.size(), 'x')));
}

TEST_CASE("a failed look-up is told where there is no address at all", "[fetch]") {
  class Half final : public dns::Resolver {
   public:
    explicit Half(bool has_address) : has_address_(has_address) {}
    dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline /*deadline*/) override {
      if (question.type == dns::RecordType::a) {
        return dns::Pending<dns::Answer>::ready(dns::Answer::failed(dns::Status::timeout));
      }
      return dns::Pending<dns::Answer>::ready(
          has_address_ ? dns::Answer::found({*dns::IpAddress::parse("2a00::1")})
                       : dns::Answer::failed(dns::Status::no_data));
    }

   private:
    bool has_address_;
  };
  const auto with =
      permitted_addresses(test::lookups_on(std::make_shared<Half>(true)), "a.b", false);
  REQUIRE(with);
  CHECK(with->size() == 1);
  const auto without =
      permitted_addresses(test::lookups_on(std::make_shared<Half>(false)), "a.b", false);
  REQUIRE_FALSE(without);
  CHECK(without.error().fault == Fault::lookup_failed);
  CHECK(without.error().detail == "time-out");
}

TEST_CASE("faults have their words, and some are of the way there", "[fetch]") {
  using enum Fault;
  struct Row {
    Fault fault;
    const char* words;
    bool is_unreachable;
  };
  const auto row =
      GENERATE(Row{invalid_url, "no https: URL with a host name and port 443", false},
               Row{lookup_failed, "the DNS did not answer", true},
               Row{no_address, "the host has no address", false},
               Row{refused_address, "the host has only addresses that are not public", false},
               Row{connect_failed, "no connection", true}, Row{timeout, "time-out", true},
               Row{certificate, "the certificate is not valid for the host", false},
               Row{tls_failed, "TLS failed", false}, Row{redirected, "redirected", false},
               Row{too_large, "too large", false}, Row{protocol, "no valid HTTP answer", false});
  CHECK(format_fault(row.fault) == row.words);
  CHECK(is_unreachable(row.fault) == row.is_unreachable);
}

}  // namespace sekisho::fetch
