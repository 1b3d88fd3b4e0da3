#include "spf/check_host.hpp"

#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "spf/arguments.hpp"
#include "spf/evaluation.hpp"
#include "spf/libspf2_engine.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace sekisho::spf {

namespace {

// RFC 5321 §4.5.3.1 allows 64 octets to a local part and 255 to a domain: what is far beyond is no
// sender, and is not multiplied by macros.
constexpr std::size_t max_local_part_octets = 1'024;
constexpr std::size_t max_helo_octets = 1'024;

/// RFC 7208 §2.3, §2.4: the identity as `sender`, views into the request.
struct Sender {
  std::string_view local_part;
  std::string_view domain;
};

/// Without the source route of RFC 5321 appendix C: `@a.example,@b.example:user@c.example`.
std::string_view without_route(std::string_view path) {
  const std::size_t colon = path.find(':');
  const bool has_route =
      path.starts_with('@') && colon != std::string_view::npos && path.substr(colon).contains('@');
  return has_route ? path.substr(colon + 1) : path;
}

/// A sender without `@` is a domain without a local part.
Sender split_sender(std::string_view sender) {
  sender = without_route(sender);
  const std::size_t at = sender.rfind('@');
  if (at == std::string_view::npos) {
    return {{}, sender};
  }
  return {sender.substr(0, at), sender.substr(at + 1)};
}

/// Of MAIL FROM: `postmaster@HELO` where it is null (RFC 7208 §2.4).
Sender find_sender(std::string_view sender, std::string_view helo) {
  return sender.empty() ? Sender{{}, helo} : split_sender(sender);
}

/// U-labels become A-labels (RFC 8616 §4); else the spelling stays, for the macros.
std::string spelled(std::string_view name, const mail::Domain& domain) {
  if (std::ranges::any_of(name, mail::is_eight_bit)) {
    return domain.text();
  }
  return std::string(name.ends_with('.') ? name.substr(0, name.size() - 1) : name);
}

/// Without the dot of the root at its end, which is no part of the name that `%{h}` stands for.
std::string spelled_helo(std::string_view helo) {
  if (helo.ends_with('.')) {
    helo.remove_suffix(1);
  }
  if (std::ranges::any_of(helo, mail::is_eight_bit)) {
    if (const auto domain = mail::Domain::parse(helo)) {
      return domain->text();
    }
  }
  return std::string(helo.substr(0, max_helo_octets));
}

Arguments make_arguments(const Request& request, const Sender& sender, const mail::Domain& domain) {
  Arguments arguments;
  arguments.client = request.client.unmapped();  // RFC 7208 §5
  arguments.domain = spelled(sender.domain, domain);
  arguments.local_part = sender.local_part.empty() ? "postmaster" : sender.local_part;
  arguments.sender_domain = arguments.domain;
  arguments.helo = spelled_helo(request.helo);
  arguments.receiver = request.receiver.empty() ? "unknown" : request.receiver;
  arguments.now = request.now;
  return arguments;
}

// RFC 7208 §4.3: why check_host() ends with `none` before it has asked anything.
Fault find_fault(const Sender& sender, const std::optional<mail::Domain>& domain) {
  if (!domain) {
    return Fault::invalid_domain;
  }
  if (domain->label_count() < 2) {
    return Fault::single_label;
  }
  return sender.local_part.size() > max_local_part_octets ? Fault::local_part_too_long
                                                          : Fault::none;
}

dns::Task<Result> check_identity(dns::Lookups lookups, Request request, Options options,
                                 Identity identity) {
  const bool is_helo = identity == Identity::helo || request.sender.empty();
  const std::string_view from = is_helo ? std::string_view{} : request.sender;
  const Sender sender = find_sender(from, request.helo);
  const auto domain = mail::Domain::parse(sender.domain);
  Result result;
  result.identity = identity;
  result.domain = domain ? domain->text() : "";
  result.fault = find_fault(sender, domain);
  if (result.fault != Fault::none) {
    result.reason =
        describe_fault(result.fault, is_helo ? "the HELO name" : "the domain of MAIL FROM");
    co_return result;
  }
  Arguments arguments = make_arguments(request, sender, *domain);
  std::optional<Verdict> found;
  if (options.engine == Engine::libspf2) {
    found = evaluate_by_libspf2(lookups, arguments, options);
  }
  if (!found) {
    auto evaluating = evaluate(std::move(lookups), std::move(arguments), options);
    found = co_await evaluating;
  }
  Verdict& verdict = *found;
  result.code = verdict.code;
  result.mechanism = std::move(verdict.mechanism);
  result.explanation = std::move(verdict.explanation);
  result.reason = std::move(verdict.reason);
  result.fault = verdict.fault;
  result.records = std::move(verdict.records);
  co_return result;
}

}  // namespace

std::optional<mail::Domain> mail_from_domain(std::string_view sender, std::string_view helo) {
  return mail::Domain::parse(find_sender(sender, helo).domain);
}

dns::Task<Result> check_helo(dns::Lookups lookups, Request request, Options options) {
  return check_identity(std::move(lookups), std::move(request), options, Identity::helo);
}

dns::Task<Result> check_mail_from(dns::Lookups lookups, Request request, Options options) {
  return check_identity(std::move(lookups), std::move(request), options, Identity::mail_from);
}

}  // namespace sekisho::spf
