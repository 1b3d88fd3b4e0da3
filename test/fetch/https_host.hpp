// A web host on an address of loopback, port 443, that answers what a test wants.
#pragma once

#include "support/descriptor.hpp"
#include "support/identity.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sekisho::test {

/// The response to each path, as it is sent; the connection is closed behind it.
using Pages = std::map<std::string, std::string>;

/// One thread. What it is given must outlive it.
class HttpsHost {
 public:
  /// One of this process: tests run at the same time.
  [[nodiscard]] static std::string address();

  /// Null where this process may not listen on port 443.
  [[nodiscard]] static std::unique_ptr<HttpsHost> open(const Identity& identity,
                                                       const Pages& pages);
  HttpsHost(const HttpsHost&) = delete;
  HttpsHost& operator=(const HttpsHost&) = delete;
  ~HttpsHost();

  /// "HOST PATH" of each request, once it has ended.
  [[nodiscard]] std::vector<std::string> requests();

 private:
  HttpsHost(Descriptor listener, const Identity& identity, const Pages& pages);
  void run();
  void serve(int client);

  Descriptor listener_;
  const Identity& identity_;
  const Pages& pages_;
  std::vector<std::string> requests_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace sekisho::test
