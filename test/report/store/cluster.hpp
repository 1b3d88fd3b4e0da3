// A PostgreSQL server of a test's own: in a folder of its own, reached by a socket in it alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace sekisho::report::store {

/// Where Debian keeps the server's programs; nullopt: it is not installed.
[[nodiscard]] std::optional<std::filesystem::path> server_programs();

/// Runs as `postgres` where the test is root, since the server refuses to.
class Cluster {
 public:
  /// Makes the cluster and starts it. Throws where that fails.
  Cluster();
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  void start();
  /// As an operator does: connections are cut, what was committed stays.
  void stop();

  /// A connection URI for a new, empty database; the server has to run.
  [[nodiscard]] std::string create_database();

 private:
  std::filesystem::path programs_;
  std::filesystem::path folder_;
  pid_t server_ = -1;
  int databases_ = 0;
};

/// The one that all tests of this program share: started when it is first asked for.
[[nodiscard]] Cluster& shared_cluster();

}  // namespace sekisho::report::store
