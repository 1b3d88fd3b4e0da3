#include "tools/domain/validator.hpp"

#ifdef SEKISHO_HAS_LIBUNBOUND

#include "c_ptr.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <poll.h>
#include <unbound.h>
#include <unistd.h>

namespace sekisho::tools {

namespace {

using domain_check::Security;
using domain_check::Validated;
using Context = CPtr<ub_ctx, &ub_ctx_delete>;
using Result = CPtr<ub_result, &ub_resolve_free>;

constexpr std::chrono::seconds patience{10};
constexpr std::size_t max_timeouts = 3;  // then nothing more is asked
constexpr std::size_t max_records = 100;
constexpr int class_in = 1;

struct Waiting {
  bool is_done = false;
  Result result;
};

void take_result(void* data, int error, ub_result* result) {
  auto& waiting = *static_cast<Waiting*>(data);
  waiting.is_done = true;
  waiting.result.reset(error == 0 ? result : nullptr);
}

enum class Bogus : std::uint8_t { refused, passed };

// Null: the file of the anchor is not usable. Without an anchor, libunbound would not ask other
// servers for bogus answers.
Context make_context(const std::vector<dns::Server>& servers, const std::string& anchor_file,
                     Bogus bogus) {
  Context context(ub_ctx_create());
  if (!context) {
    return context;
  }
  ub_ctx_async(context.get(), 1);  // a thread
  for (const auto& [option, value] :
       {std::pair{"do-not-query-localhost:", "no"}, std::pair{"unblock-lan-zones:", "yes"},
        std::pair{"val-permissive-mode:", bogus == Bogus::passed ? "yes" : "no"}}) {
    ub_ctx_set_option(context.get(), option, value);
  }
  for (const dns::Server& server : servers) {
    const std::string zone = server.zone.empty() ? "" : '%' + server.zone;
    const std::string address = server.address.text() + zone + '@' + std::to_string(server.port);
    ub_ctx_set_fwd(context.get(), address.c_str());
  }
  if (ub_ctx_add_ta_file(context.get(), anchor_file.c_str()) != 0) {
    context.reset();
  }
  return context;
}

// RFC 1035 §4.1.1.
dns::Status status_of(const ub_result& result) {
  constexpr int no_error = 0;
  constexpr int name_error = 3;
  constexpr int refused = 5;
  switch (result.rcode) {
    case no_error:
      return result.havedata != 0 ? dns::Status::found : dns::Status::no_data;
    case name_error:
      return dns::Status::no_such_name;
    case refused:
      return dns::Status::refused;
    default:
      return dns::Status::server_failure;
  }
}

Security security_of(const ub_result& result) {
  if (result.bogus != 0) {
    return Security::bogus;
  }
  return result.secure != 0 ? Security::secure : Security::insecure;
}

class Unbound final : public domain_check::Validator {
 public:
  Unbound(Context validating, Context permissive)
      : validating_(std::move(validating)), permissive_(std::move(permissive)) {}

  Validated validate(const std::string& name, std::uint16_t type) override {
    const Result result = resolve(*validating_, name, type);
    if (!result) {
      return {};
    }
    return {status_of(*result), security_of(*result),
            result->why_bogus != nullptr ? result->why_bogus : ""};
  }

  std::expected<std::vector<std::string>, dns::Status> unchecked(const std::string& name,
                                                                 std::uint16_t type) override {
    const Result result = resolve(*permissive_, name, type);
    const dns::Status status = result ? status_of(*result) : dns::Status::timeout;
    if (dns::is_temporary(status)) {
      return std::unexpected(status);
    }
    std::vector<std::string> records;
    for (std::size_t i = 0;
         result->data != nullptr && result->data[i] != nullptr && i < max_records; ++i) {
      records.emplace_back(result->data[i], static_cast<std::size_t>(result->len[i]));
    }
    return records;
  }

 private:
  using Clock = std::chrono::steady_clock;

  // Null: no answer in time.
  Result resolve(ub_ctx& context, const std::string& name, std::uint16_t type) {
    Waiting waiting;
    int id = 0;
    if (timeouts_ == max_timeouts || ub_resolve_async(&context, (name + '.').c_str(), type,
                                                      class_in, &waiting, &take_result, &id) != 0) {
      return {};
    }
    const auto deadline = Clock::now() + patience;
    while (!waiting.is_done) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      pollfd ready{.fd = ub_fd(&context), .events = POLLIN, .revents = 0};
      if (left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) == 0) {
        ub_cancel(&context, id);
        ++timeouts_;
        return {};
      }
      ub_process(&context);
    }
    return std::move(waiting.result);
  }

  Context validating_;
  Context permissive_;
  std::size_t timeouts_ = 0;
};

}  // namespace

std::expected<std::shared_ptr<domain_check::Validator>, std::string> open_validator(
    const std::vector<dns::Server>& servers, const std::string& anchor_file) {
  if (access(anchor_file.c_str(), R_OK) != 0) {
    return std::unexpected(anchor_file + ": cannot be read (package dns-root-data)");
  }
  Context validating = make_context(servers, anchor_file, Bogus::refused);
  Context permissive = make_context(servers, anchor_file, Bogus::passed);
  if (!validating || !permissive) {
    return std::unexpected(anchor_file + ": libunbound cannot use it");
  }
  return std::make_shared<Unbound>(std::move(validating), std::move(permissive));
}

}  // namespace sekisho::tools

#else

namespace sekisho::tools {

std::expected<std::shared_ptr<domain_check::Validator>, std::string> open_validator(
    const std::vector<dns::Server>& /*servers*/, const std::string& /*anchor_file*/) {
  return std::unexpected("this build has no libunbound");
}

}  // namespace sekisho::tools

#endif
