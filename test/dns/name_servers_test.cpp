// resolv.conf as it changes while the resolver runs.
#include "dns/name_servers.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

class ResolvConf {
 public:
  ~ResolvConf() { std::filesystem::remove(path_); }

  [[nodiscard]] std::string path() const { return path_.string(); }
  // `age`: how long ago that was.
  void write(const std::string& text, std::chrono::seconds age = std::chrono::seconds{0}) const {
    std::ofstream(path_) << text;
    std::filesystem::last_write_time(path_, std::filesystem::file_time_type::clock::now() - age);
  }
  void replace(const std::string& text) const {
    const std::filesystem::path next = path_.string() + ".next";
    std::ofstream(next) << text;
    std::filesystem::rename(next, path_);
  }
  void remove() const { std::filesystem::remove(path_); }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() /
                                ("sekisho-name-servers-test." + std::to_string(getpid()));
};

std::string first_of(const NameServers& servers) {
  return servers.current()->front().address.text();
}

TEST_CASE("a resolv.conf that changes is followed", "[dns]") {
  const ResolvConf file;
  const auto age = GENERATE(std::chrono::seconds{0}, std::chrono::seconds{3'600});
  file.write("nameserver 192.0.2.1\n", age);
  NameServers servers({}, file.path());
  CHECK(first_of(servers) == "192.0.2.1");
  CHECK_FALSE(servers.look());

  SECTION("written again at the same size") {
    file.write("nameserver 192.0.2.2\n");
    CHECK(servers.look());
    CHECK(first_of(servers) == "192.0.2.2");
    file.write("nameserver 192.0.2.3\n");
    CHECK(servers.look());
    CHECK(first_of(servers) == "192.0.2.3");
  }
  SECTION("another file in its place") {
    file.replace("nameserver 192.0.2.2\n");
    CHECK(servers.look());
    CHECK(first_of(servers) == "192.0.2.2");
  }
  SECTION("emptied, removed, and there again") {
    file.write("");
    CHECK(servers.look());
    CHECK(first_of(servers) == "127.0.0.1");
    file.remove();
    CHECK_FALSE(servers.look());
    file.write("nameserver 192.0.2.2\n", age);
    CHECK(servers.look());
    CHECK(first_of(servers) == "192.0.2.2");
  }
  SECTION("with the same servers") {
    file.write("# later\nnameserver 192.0.2.1\n");
    CHECK_FALSE(servers.look());
  }
}

TEST_CASE("servers of the configuration stay", "[dns]") {
  const ResolvConf file;
  file.write("nameserver 192.0.2.1\n");
  NameServers servers({{IpAddress::v4({192, 0, 2, 9}), 53, {}}}, file.path());
  file.write("nameserver 192.0.2.2\n");
  CHECK_FALSE(servers.look());
  CHECK(first_of(servers) == "192.0.2.9");
}

}  // namespace
}  // namespace sekisho::dns
