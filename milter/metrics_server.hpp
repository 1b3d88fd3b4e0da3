// Serves the metrics by HTTP, for Prometheus to read.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace sekisho::milter {

/// One thread, which answers GET and HEAD of /metrics and nothing else. Its connections are few,
/// and end when they are idle.
class MetricsServer {
 public:
  /// Makes the page; called on the server's thread, once a request.
  using Page = std::function<std::string()>;

  /// `descriptor` is a listening socket, which the server shares.
  [[nodiscard]] static std::expected<MetricsServer, std::string> start(int descriptor, Page page);

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
