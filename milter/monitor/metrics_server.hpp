// Serves the metrics by HTTP, for Prometheus to read, and says whether the daemon lives and serves.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace sekisho::milter {

/// Made when they are asked for; called on the server's thread, once a request.
struct MetricsPages {
  std::function<std::string()> metrics;
  /// Why no new mail is taken now, on one line; empty: it is taken.
  std::function<std::string()> why_unready;
};

/// One thread, which answers GET and HEAD of three paths and nothing else: /metrics; /healthz, 200
/// as long as the daemon lives; /readyz, 200 while it takes mail and 503 while it does not. Its
/// connections are few, and end when they are idle.
class MetricsServer {
 public:
  /// `descriptor` is a listening socket, which the server shares.
  [[nodiscard]] static std::expected<MetricsServer, std::string> start(int descriptor,
                                                                       MetricsPages pages);

  MetricsServer(MetricsServer&&) noexcept;
  MetricsServer& operator=(MetricsServer&&) noexcept;
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;
  ~MetricsServer();

 private:
  class Library;
  explicit MetricsServer(std::unique_ptr<Library> library);

  std::unique_ptr<Library> library_;
};

}  // namespace sekisho::milter
