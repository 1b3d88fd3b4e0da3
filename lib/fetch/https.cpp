#include "fetch/https.hpp"

#include "c_ptr.hpp"
#include "dns/special_addresses.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include <curl/curl.h>

namespace sekisho::fetch {

namespace {

using Handle = CPtr<CURL, &curl_easy_cleanup>;
using List = CPtr<curl_slist, &curl_slist_free_all>;

constexpr std::size_t max_addresses = 4;
constexpr std::size_t max_url = 2'000;

// What libcurl's callbacks work on.
struct Transfer {
  const Options* options = nullptr;
  const std::vector<dns::IpAddress>* addresses = nullptr;
  std::string body;
  bool is_too_large = false;
};

std::size_t keep_body(char* data, std::size_t size, std::size_t count, void* pointer) {
  auto& transfer = *static_cast<Transfer*>(pointer);
  const std::size_t octets = size * count;
  if (octets > transfer.options->max_octets - transfer.body.size()) {
    transfer.is_too_large = true;
    return 0;
  }
  try {
    transfer.body.append(data, octets);
  } catch (const std::bad_alloc&) {  // nothing may be thrown through libcurl
    return 0;
  }
  return octets;
}

dns::IpAddress address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &v4.sin_addr, octets.size());
    return dns::IpAddress::v4(octets);
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &v6.sin6_addr, octets.size());
  return dns::IpAddress::v6(octets);
}

// The last word: a socket for an address that was checked, and for no other.
curl_socket_t open_socket(void* pointer, curlsocktype purpose, curl_sockaddr* wanted) {
  const auto& transfer = *static_cast<Transfer*>(pointer);
  const bool is_known = wanted->family == AF_INET || wanted->family == AF_INET6;
  if (purpose != CURLSOCKTYPE_IPCXN || !is_known ||
      std::ranges::count(*transfer.addresses, address_of(wanted->addr).unmapped()) == 0) {
    return CURL_SOCKET_BAD;
  }
  return socket(wanted->family, wanted->socktype | SOCK_CLOEXEC, wanted->protocol);
}

// NAME:443:ADDRESS,ADDRESS
std::string pinned(const std::string& host, const std::vector<dns::IpAddress>& addresses) {
  std::string entry = host + ":443:";
  bool is_first = true;
  for (const dns::IpAddress& address : addresses) {
    entry += std::exchange(is_first, false) ? "" : ",";
    entry += address.is_v6() ? '[' + address.text() + ']' : address.text();
  }
  return entry;
}

Fault fault_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return Fault::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return Fault::certificate;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
      return Fault::tls_failed;
    case CURLE_COULDNT_CONNECT:
      return Fault::connect_failed;
    case CURLE_FILESIZE_EXCEEDED:
      return Fault::too_large;
    default:  // the rest of a long list: the connection broke, or no HTTP came
      return Fault::protocol;
  }
}

class Request {
 public:
  Request(const Target& target, const std::vector<dns::IpAddress>& addresses,
          const Options& options)
      : handle_(curl_easy_init()),
        addresses_(curl_slist_append(nullptr, pinned(target.host, addresses).c_str())) {
    if (!handle_ || !addresses_) {
      throw std::bad_alloc();
    }
    transfer_.options = &options;
    transfer_.addresses = &addresses;
    set(CURLOPT_URL, ("https://" + target.host + target.path).c_str());
    set(CURLOPT_RESOLVE, addresses_.get());
    set_limits(options);
    set(CURLOPT_WRITEFUNCTION, &keep_body);
    set(CURLOPT_WRITEDATA, &transfer_);
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_OPENSOCKETDATA, &transfer_);
  }

  /// `form` must live until perform() has returned.
  void send(const std::string& form) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(form.size()));
    set(CURLOPT_POSTFIELDS, form.c_str());
  }
  void only_connect() { set(CURLOPT_CONNECT_ONLY, 1L); }

  std::expected<Response, Failure> perform() {
    const CURLcode code = curl_easy_perform(handle_.get());
    if (transfer_.is_too_large) {
      return std::unexpected(Failure{Fault::too_large, ""});
    }
    if (code != CURLE_OK) {
      return std::unexpected(Failure{fault_of(code), curl_easy_strerror(code)});
    }
    Response response;
    response.body = std::move(transfer_.body);
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &response.status);
    response.content_type = text(CURLINFO_CONTENT_TYPE);
    if (const auto address = dns::IpAddress::parse(text(CURLINFO_PRIMARY_IP))) {
      response.address = *address;
    }
    return response;
  }

  // Where a redirect leads; empty if it is none.
  [[nodiscard]] std::string redirect() const { return text(CURLINFO_REDIRECT_URL); }

 private:
  void set_limits(const Options& options) {
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_PROXY, "");  // whatever the environment says
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT, static_cast<long>(options.timeout.count()));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options.max_octets));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_USERAGENT, "Sekisho");
    if (!options.authorities.empty()) {
      set(CURLOPT_CAINFO, options.authorities.c_str());
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
  }

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(handle_.get(), option, value); code != CURLE_OK) {
      throw std::runtime_error(std::string("libcurl: ").append(curl_easy_strerror(code)));
    }
  }

  [[nodiscard]] std::string text(CURLINFO info) const {
    const char* value = nullptr;
    curl_easy_getinfo(handle_.get(), info, &value);
    return value == nullptr ? "" : value;
  }

  Handle handle_;
  List addresses_;
  Transfer transfer_;
};

// Where a request goes.
struct Destination {
  Target target;
  std::vector<dns::IpAddress> addresses;
};

std::expected<Destination, Failure> find(const dns::Lookups& lookups, std::string_view url,
                                         const Options& options) {
  auto target = parse_url(url);
  if (!target) {
    return std::unexpected(Failure{target.error(), std::string(url)});
  }
  auto addresses = permitted_addresses(lookups, target->host, options.allow_private);
  if (!addresses) {
    return std::unexpected(addresses.error());
  }
  return Destination{*std::move(target), *std::move(addresses)};
}

bool is_redirect(const std::expected<Response, Failure>& response) {
  return response && response->status >= 300 && response->status < 400;
}

bool is_plain_path(std::string_view path) {
  return std::ranges::all_of(path, [](char c) { return c > ' ' && c <= '~' && c != '\\'; });
}

}  // namespace

std::string_view format_fault(Fault fault) {
  switch (fault) {
    case Fault::invalid_url:
      return "no https: URL with a host name and port 443";
    case Fault::lookup_failed:
      return "the DNS did not answer";
    case Fault::no_address:
      return "the host has no address";
    case Fault::refused_address:
      return "the host has only addresses that are not public";
    case Fault::connect_failed:
      return "no connection";
    case Fault::timeout:
      return "time-out";
    case Fault::certificate:
      return "the certificate is not valid for the host";
    case Fault::tls_failed:
      return "TLS failed";
    case Fault::redirected:
      return "redirected";
    case Fault::too_large:
      return "too large";
    case Fault::protocol:
      return "no valid HTTP answer";
  }
  std::unreachable();
}

bool is_unreachable(Fault fault) {
  return fault == Fault::lookup_failed || fault == Fault::connect_failed || fault == Fault::timeout;
}

std::expected<Target, Fault> parse_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (url.size() > max_url || !mail::equals_ignoring_case(url.substr(0, scheme.size()), scheme)) {
    return std::unexpected(Fault::invalid_url);
  }
  url.remove_prefix(scheme.size());
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  std::string_view host = url.substr(0, end);
  std::string_view rest = url.substr(end);
  rest = rest.substr(0, rest.find('#'));
  if (host.ends_with(":443")) {
    host.remove_suffix(4);
  }
  const auto domain = mail::Domain::parse(host);
  if (!domain || domain->label_count() < 2 || dns::IpAddress::parse(domain->text()) ||
      !mail::is_alpha(domain->suffix(1).text().front()) || !is_plain_path(rest)) {
    return std::unexpected(Fault::invalid_url);
  }
  return Target{domain->text(),
                rest.starts_with('/') ? std::string(rest) : '/' + std::string(rest)};
}

std::expected<std::vector<dns::IpAddress>, Failure> permitted_addresses(const dns::Lookups& lookups,
                                                                        const std::string& host,
                                                                        bool allow_private) {
  auto v4 = lookups.lookup(host, dns::RecordType::a);
  auto v6 = lookups.lookup(host, dns::RecordType::aaaa);
  std::vector<dns::IpAddress> permitted;
  bool has_any = false;
  std::string failed;
  for (const dns::Answer& answer : {v4.get(), v6.get()}) {
    failed = dns::is_temporary(answer.status) ? dns::format_status(answer.status) : failed;
    for (const dns::IpAddress* address : answer.all<dns::IpAddress>()) {
      has_any = true;
      const bool is_allowed = allow_private || dns::reach_of(*address) == dns::Reach::global;
      if (is_allowed && permitted.size() < max_addresses) {
        permitted.push_back(address->unmapped());
      }
    }
  }
  if (!permitted.empty()) {
    return permitted;
  }
  if (has_any) {
    return std::unexpected(Failure{Fault::refused_address, ""});
  }
  return std::unexpected(
      Failure{failed.empty() ? Fault::no_address : Fault::lookup_failed, failed});
}

std::expected<Response, Failure> get(const dns::Lookups& lookups, std::string_view url,
                                     const Options& options) {
  std::string next(url);
  for (unsigned redirects = 0;; ++redirects) {
    const auto destination = find(lookups, next, options);
    if (!destination) {
      return std::unexpected(destination.error());
    }
    Request request(destination->target, destination->addresses, options);
    auto response = request.perform();
    if (!is_redirect(response)) {
      return response;
    }
    next = request.redirect();
    if (redirects >= options.redirects || next.empty()) {
      return std::unexpected(Failure{Fault::redirected, next});
    }
  }
}

std::expected<Response, Failure> post_form(const dns::Lookups& lookups, std::string_view url,
                                           const std::string& form, const Options& options) {
  const auto destination = find(lookups, url, options);
  if (!destination) {
    return std::unexpected(destination.error());
  }
  Request request(destination->target, destination->addresses, options);
  request.send(form);
  auto response = request.perform();
  if (is_redirect(response)) {
    return std::unexpected(Failure{Fault::redirected, request.redirect()});
  }
  return response;
}

std::expected<void, Failure> shake_hands(const dns::Lookups& lookups, std::string_view url,
                                         const Options& options) {
  const auto destination = find(lookups, url, options);
  if (!destination) {
    return std::unexpected(destination.error());
  }
  Request request(destination->target, destination->addresses, options);
  request.only_connect();
  if (auto done = request.perform(); !done) {
    return std::unexpected(done.error());
  }
  return {};
}

}  // namespace sekisho::fetch
