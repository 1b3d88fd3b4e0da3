// A DNS server for a zone file, which waits before each answer. Runs until standard input ends.
#include "support/dns_server.hpp"

#include "dns/zone_file.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

using namespace sekisho;

int main(int argc, char** argv) {
  CLI::App app("Serves ZONE and prints ADDRESS:PORT");
  std::string zone;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint32_t delay = 0;
  app.add_option("--host", host, "An IPv4 address of this host")->capture_default_str();
  app.add_option("--port", port, "0: any");
  app.add_option("--delay", delay, "Before each answer over UDP, in milliseconds");
  app.add_option("ZONE", zone)->required();
  CLI11_PARSE(app, argc, argv);
  auto file = dns::ZoneFile::load(zone);
  if (!file) {
    std::cerr << "dns_server: " << file.error().message << '\n';
    return 1;
  }
  try {
    const test::DnsServer server(*std::move(file), {.host = host,
                                                    .port = port,
                                                    .delay = std::chrono::milliseconds{delay},
                                                    .negative_ttl = 300});
    std::cout << server.address() << std::endl;  // NOLINT(performance-avoid-endl): it is waited for
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
    std::cout << server.questions() << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "dns_server: " << error.what() << '\n';
    return 1;
  }
}
