#include "tls/connection.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using namespace sekisho;
using tls::Version;

TEST_CASE("a version has one name", "[tls]") {
  for (std::size_t i = 0; i < tls::version_count; ++i) {
    const auto version = static_cast<Version>(i);
    CHECK(tls::parse_version(tls::format_version(version)) == version);
  }
  CHECK(tls::parse_version("") == Version::none);
  CHECK(tls::parse_version("tlsv1.3") == Version::tls_1_3);
  CHECK(tls::parse_version("TLSv9") == Version::other);
}

TEST_CASE("a certificate counts once the MTA verified it", "[tls]") {
  struct Case {
    std::string_view title;
    tls::Macros macros;
    std::string_view mta;
    std::string_view subject;  ///< Empty: none counts.
  };
  const Case cases[] = {
      {"Postfix sends names of verified ones alone",
       {"TLSv1.3", "C", "256", "a.example", "CA"},
       "Postfix 3.7.11",
       "a.example"},
      {"a common name that looks like a whole name",
       {"TLSv1.3", "C", "256", "/CN=a.example", "CA"},
       "Postfix 3.7.11",
       "/CN=a.example"},
      {"Sendmail says so",
       {"TLSv1.3", "C", "256", "/O=x/CN=a.example", "/CN=CA", "", "", "OK"},
       "8.17.1.9",
       "a.example"},
      {"Sendmail's common name comes first",
       {"TLSv1.3", "C", "256", "/O=y/CN=b.example", "", "a.example", "CA", "OK"},
       "8.17.1.9",
       "a.example"},
      {"Sendmail could not verify it",
       {"TLSv1.3", "C", "256", "/CN=a.example", "", "a.example", "CA", "FAIL"},
       "8.17.1.9",
       ""},
      {"Sendmail does not say", {"TLSv1.3", "C", "256", "/CN=a.example"}, "8.17.1.9", ""},
      {"a name that shows two common names",
       {"TLSv1.3", "C", "256", "/O=z/CN=a.example/CN=b.example", "", "", "", "OK"},
       "8.17.1.9",
       ""},
      {"no encryption", {"", "", "", "a.example", "CA", "", "", "OK"}, "Postfix 3.7.11", ""},
  };
  for (const auto& [title, macros, mta, subject] : cases) {
    DYNAMIC_SECTION(title) {
      const tls::Connection connection = tls::read_macros(macros, mta);
      CHECK((connection.certificate ? connection.certificate->subject : "") == subject);
      CHECK(connection.bits == (connection.version == Version::none ? 0U : 256U));
    }
  }
  CHECK(tls::read_macros({"TLSv1.2", "C", "12x"}, "").bits == 0);
}

TEST_CASE("a requirement names the versions that meet it", "[tls]") {
  struct Case {
    std::string_view text;
    std::string_view holds;  ///< One digit for each version, in the order of the enum.
  };
  const Case cases[] = {{"none", "1000000"},  {"any", "0111111"},   {">=1.0", "0011110"},
                        {">=1.2", "0000110"}, {">=1.3", "0000010"}, {"<1.2", "1111000"}};
  for (const auto& [text, holds] : cases) {
    DYNAMIC_SECTION(text) {
      const auto requirement = tls::Requirement::parse(text).value();
      std::string held;
      for (std::size_t i = 0; i < tls::version_count; ++i) {
        held += requirement.holds(static_cast<Version>(i)) ? '1' : '0';
      }
      CHECK(held == holds);
      CHECK(requirement.text() == text);
    }
  }
  for (const char* text : {"", "1.2", ">1.2", ">=1.4", ">= 1.2", "<", "<=1.2", "TLSv1.2"}) {
    CHECK_FALSE(tls::Requirement::parse(text));
  }
}
