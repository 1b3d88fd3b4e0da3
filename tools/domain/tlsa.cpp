#include "crypto/certificate.hpp"
#include "dane/dane.hpp"
#include "mail/domain.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"

#include <cstdint>
#include <expected>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string host;
  std::string certificate;
  std::size_t usage = 3;
  std::size_t selector = 1;
  std::size_t matching = 1;
  std::size_t port = 25;
  std::size_t ttl = 3'600;
};

std::expected<crypto::Certificate, Refusal> read_certificate(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(crypto::Certificate::max_octets + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (!file.is_open() || file.bad()) {
    return std::unexpected(Refusal{exit_failure, path + ": cannot be read"});
  }
  auto certificate = crypto::Certificate::parse(text);
  if (!certificate) {
    return std::unexpected(Refusal{exit_failure, path + ": no certificate in PEM or DER"});
  }
  return *std::move(certificate);
}

// `_25._tcp.mx.example.org.`, or up to the dot behind `_tcp` if no host is named.
std::expected<std::string, Refusal> owner_name(const Arguments& arguments) {
  const std::string prefix = '_' + std::to_string(arguments.port) + "._tcp.";
  if (arguments.host.empty()) {
    return prefix;
  }
  const auto host = mail::Domain::parse(arguments.host);
  if (!host) {
    return std::unexpected(Refusal{exit_usage, arguments.host + ": not a host name"});
  }
  return prefix + host->text() + '.';
}

int run(const Arguments& arguments) {
  const auto name = owner_name(arguments);
  if (!name) {
    return complain("tlsa show", name.error());
  }
  const auto certificate = read_certificate(arguments.certificate);
  if (!certificate) {
    return complain("tlsa show", certificate.error());
  }
  const auto record = dane::record_for(*certificate, static_cast<std::uint8_t>(arguments.usage),
                                       static_cast<std::uint8_t>(arguments.selector),
                                       static_cast<std::uint8_t>(arguments.matching));
  std::cout << *name << ' ' << arguments.ttl << " IN TLSA " << dane::format_record(record.value())
            << '\n';
  return std::cout.flush() ? exit_success
                           : complain("tlsa show", {exit_failure, "the output cannot be written"});
}

}  // namespace

void add_tlsa(Command& sekisho) {
  Command tlsa = sekisho.command("tlsa", "Make TLSA records for DANE");
  Command show = tlsa.command("show", "Print the TLSA record of a certificate");
  Arguments& arguments = show.runs(run);
  show.argument("HOST", arguments.host, "Name of the mail host");
  show.option("--cert FILE", arguments.certificate, "Certificate in PEM or DER").required();
  show.number("--usage N", arguments.usage, {2, 3}, "3: this certificate; 2: the authority");
  show.number("--selector N", arguments.selector, {0, 1}, "1: its public key; 0: all of it");
  show.number("--matching N", arguments.matching, {0, 2}, "1: SHA-256; 2: SHA-512; 0: unhashed");
  show.number("--port N", arguments.port, {1, 65'535}, "TCP port of the service");
  show.number("--ttl SECONDS", arguments.ttl, {0, 2'147'483'647}, "TTL of the record");
}

}  // namespace sekisho::tools
