#include "milter/monitor/metrics_server.hpp"

#include "c_ptr.hpp"
#include "milter/monitor/prometheus_text.hpp"

#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <microhttpd.h>
#include <unistd.h>

namespace sekisho::milter {

namespace {

constexpr unsigned max_connections = 16;
constexpr unsigned idle_seconds = 10;
constexpr std::size_t connection_octets = 16'384;  // for the head of a request

using Response = CPtr<MHD_Response, &MHD_destroy_response>;
using Daemon = CPtr<MHD_Daemon, &MHD_stop_daemon>;

Response response_with(std::string_view text, const char* type) {
  // libmicrohttpd takes `void*` where it means `const void*`, and copies.
  Response response(MHD_create_response_from_buffer(
      text.size(),
      const_cast<char*>(text.data()),  // NOLINT(cppcoreguidelines-pro-type-const-cast): see above
      MHD_RESPMEM_MUST_COPY));
  if (response) {
    MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONTENT_TYPE, type);
  }
  return response;
}

MHD_Result send(MHD_Connection* connection, unsigned status, const Response& response) {
  return response ? MHD_queue_response(connection, status, response.get()) : MHD_NO;
}

MHD_Result send_line(MHD_Connection* connection, unsigned status, std::string_view text) {
  const Response response = response_with(text, "text/plain; charset=utf-8");
  if (response && status == MHD_HTTP_METHOD_NOT_ALLOWED) {
    MHD_add_response_header(response.get(), MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  }
  return send(connection, status, response);
}

MHD_Result answer_readiness(MHD_Connection* connection, const MetricsPages& pages) {
  const std::string why = pages.why_unready();
  return why.empty() ? send_line(connection, MHD_HTTP_OK, "ready\n")
                     : send_line(connection, MHD_HTTP_SERVICE_UNAVAILABLE, why + "\n");
}

MHD_Result answer(MHD_Connection* connection, std::string_view path, std::string_view method,
                  const MetricsPages& pages) {
  if (path != "/metrics" && path != "/healthz" && path != "/readyz") {
    return send_line(connection, MHD_HTTP_NOT_FOUND,
                     "there are /metrics, /healthz and /readyz, and nothing else\n");
  }
  if (method != MHD_HTTP_METHOD_GET && method != MHD_HTTP_METHOD_HEAD) {
    return send_line(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "this is for reading alone\n");
  }
  if (path == "/readyz") {
    return answer_readiness(connection, pages);
  }
  if (path == "/healthz") {
    return send_line(connection, MHD_HTTP_OK, "alive\n");
  }
  return send(connection, MHD_HTTP_OK,
              response_with(pages.metrics(), PrometheusText::content_type));
}

extern "C" MHD_Result on_request(void* pages, MHD_Connection* connection, const char* path,
                                 const char* method, const char* /*version*/,
                                 const char* /*upload*/, std::size_t* /*upload_size*/,
                                 void** /*state*/) noexcept {
  try {
    return answer(connection, path, method, *static_cast<const MetricsPages*>(pages));
  } catch (...) {  // nothing may be thrown through the library's C frames
    return MHD_NO;
  }
}

}  // namespace

/// What the library's thread works with stays where it is.
class MetricsServer::Library {
 public:
  Library(int descriptor, MetricsPages pages)
      : pages_(std::move(pages)),
        daemon_(MHD_start_daemon(
            MHD_USE_AUTO_INTERNAL_THREAD, 0, nullptr, nullptr, &on_request, &pages_,
            MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_CONNECTION_LIMIT, max_connections,
            MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
            connection_octets, MHD_OPTION_END)) {}

  [[nodiscard]] bool runs() const { return daemon_ != nullptr; }

 private:
  MetricsPages pages_;
  Daemon daemon_;  // stopped before the pages go
};

std::expected<MetricsServer, std::string> MetricsServer::start(int descriptor, MetricsPages pages) {
  // The library closes what it gets.
  const int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (own < 0) {
    return std::unexpected(std::generic_category().message(errno));
  }
  auto library = std::make_unique<Library>(own, std::move(pages));
  if (!library->runs()) {
    close(own);
    return std::unexpected("libmicrohttpd does not start");
  }
  return MetricsServer(std::move(library));
}

MetricsServer::MetricsServer(std::unique_ptr<Library> library) : library_(std::move(library)) {}
MetricsServer::MetricsServer(MetricsServer&&) noexcept = default;
MetricsServer& MetricsServer::operator=(MetricsServer&&) noexcept = default;
MetricsServer::~MetricsServer() = default;

}  // namespace sekisho::milter
