#include "smtp_probe/probe.hpp"

#include "mail/ascii.hpp"
#include "smtp_probe/connection.hpp"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <new>
#include <span>
#include <utility>

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace sekisho::smtp_probe {

namespace {

using Store = CPtr<X509_STORE, &X509_STORE_free>;
using StoreContext = CPtr<X509_STORE_CTX, &X509_STORE_CTX_free>;

constexpr std::size_t max_chain = 10;

void load_authorities(X509_STORE& store, const std::string& file) {
  if (file.empty()) {
    X509_STORE_set_default_paths(&store);
  } else {
    X509_STORE_load_file(&store, file.c_str());
  }
}

void set_time(X509_VERIFY_PARAM* parameters, const Options& options) {
  if (options.time) {
    X509_VERIFY_PARAM_set_time(parameters,
                               static_cast<std::time_t>(options.time->time_since_epoch().count()));
  }
}

// RFC 7671 and 7672: OpenSSL's matching, with names checked for usage 2 alone.
void add_dane(SSL& tls, const Host& host) {
  if (host.associations.empty() || SSL_dane_enable(&tls, host.name.c_str()) != 1) {
    return;
  }
  SSL_dane_set_flags(&tls, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
  for (const std::string& name : host.names) {
    SSL_add1_host(&tls, name.c_str());
  }
  for (const dns::CertificateAssociation& one : host.associations) {
    std::string data = one.data;
    SSL_dane_tlsa_add(&tls, one.usage, one.selector, one.matching,
                      reinterpret_cast<unsigned char*>(data.data()),  // NOLINT: octets
                      data.size());
  }
}

// The handshake goes on whatever the certificate is: what is wrong with it is told afterwards.
TlsContext make_context(const Host& host) {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) {
    throw std::bad_alloc();
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_security_level(context.get(), 0);  // old versions are to be seen
  if (!host.associations.empty()) {
    SSL_CTX_dane_enable(context.get());
  }
  return context;
}

Tls make_tls(SSL_CTX& context, const Host& host, const Options& options) {
  Tls tls(SSL_new(&context));
  if (!tls) {
    throw std::bad_alloc();
  }
  std::string name = host.name;
  // SSL_set_tlsext_host_name() (RFC 7672 §8.1) without the cast of its macro
  SSL_ctrl(tls.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  set_time(SSL_get0_param(tls.get()), options);
  add_dane(*tls, host);
  return tls;
}

std::vector<crypto::Certificate> chain_of(SSL& tls) {
  std::vector<crypto::Certificate> chain;
  const STACK_OF(X509)* sent = SSL_get_peer_cert_chain(&tls);
  for (int i = 0; sent != nullptr && i < sk_X509_num(sent) && chain.size() < max_chain; ++i) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(sent, i), &der);
    if (size > 0) {
      const std::span<const std::uint8_t> octets(der, static_cast<std::size_t>(size));
      if (auto certificate = crypto::Certificate::from_der(octets)) {
        chain.push_back(*std::move(certificate));
      }
    }
    OPENSSL_free(der);
  }
  return chain;
}

Distrust distrust_of(int error) {
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
      return Distrust::name;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Distrust::expired;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return Distrust::self_signed;
    default:  // a long list of faults of the chain
      return Distrust::chain;
  }
}

// As a sender with MTA-STS verifies: RFC 8461 §4.2.
void verify(SSL& tls, const Host& host, const Options& options, Result& result) {
  STACK_OF(X509)* sent = SSL_get_peer_cert_chain(&tls);
  if (sent == nullptr || sk_X509_num(sent) == 0) {
    result.distrust = Distrust::chain;
    result.distrust_text = "no certificate";
    return;
  }
  const Store store(X509_STORE_new());
  const StoreContext context(X509_STORE_CTX_new());
  if (!store || !context) {
    throw std::bad_alloc();
  }
  load_authorities(*store, options.authorities);
  X509_STORE_CTX_init(context.get(), store.get(), sk_X509_value(sent, 0), sent);
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  // Refused for a name with a NUL; without a name, any certificate would do.
  if (X509_VERIFY_PARAM_set1_host(parameters, host.name.c_str(), host.name.size()) != 1) {
    result.distrust = Distrust::name;
    result.distrust_text = "no certificate can have this name";
    return;
  }
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  set_time(parameters, options);
  result.is_trusted = X509_verify_cert(context.get()) == 1;
  if (!result.is_trusted) {
    const int error = X509_STORE_CTX_get_error(context.get());
    result.distrust = distrust_of(error);
    result.distrust_text = X509_verify_cert_error_string(error);
  }
}

bool offers_starttls(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (mail::equals_ignoring_case(mail::trimmed(lines.substr(0, end)), "STARTTLS")) {
      return true;
    }
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return false;
}

Result& stop(Result& result, Fault fault, std::string detail) {
  result.fault = fault;
  result.detail = std::move(detail);
  return result;
}

// OpenSSL writes to a closed connection without MSG_NOSIGNAL: SIGPIPE of this thread is held back,
// and taken away again.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigset_t pending{};
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  ~NoPipeSignal() {
    const timespec at_once{};
    if (!was_pending_) {
      static_cast<void>(sigtimedwait(&pipe_, nullptr, &at_once));
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

std::string text_of(const Reply& reply) {
  return std::to_string(reply.code) + ' ' + reply.text;
}

void talk(Connection& connection, const Host& host, const Options& options, Result& result) {
  const auto greeting = connection.read_reply();
  if (!greeting) {
    stop(result, Fault::unreachable, greeting.error());
    return;
  }
  if (greeting->code != 220) {
    stop(result, Fault::refused, text_of(*greeting));
    return;
  }
  const auto offers = connection.command("EHLO " + options.helo);
  if (!offers) {
    stop(result, Fault::unreachable, offers.error());
    return;
  }
  if (offers->code != 250) {
    stop(result, Fault::refused, text_of(*offers));
    return;
  }
  if (!offers_starttls(offers->text)) {
    stop(result, Fault::no_starttls, "");
    return;
  }
  const auto go = connection.command("STARTTLS");
  if (!go || go->code != 220) {
    stop(result, go ? Fault::starttls_refused : Fault::unreachable, go ? text_of(*go) : go.error());
    return;
  }
  const TlsContext context = make_context(host);
  if (const auto started = connection.start_tls(make_tls(*context, host, options)); !started) {
    stop(result, Fault::tls_failed, started.error());
    return;
  }
  SSL& tls = *connection.tls();
  result.fault = Fault::none;
  result.version = SSL_get_version(&tls);
  result.cipher = SSL_get_cipher_name(&tls);
  result.chain = chain_of(tls);
  result.matches_dane = !host.associations.empty() && SSL_get_verify_result(&tls) == X509_V_OK &&
                        SSL_get0_dane_authority(&tls, nullptr, nullptr) >= 0;
  result.is_dane_name_wrong =
      !host.associations.empty() && SSL_get_verify_result(&tls) == X509_V_ERR_HOSTNAME_MISMATCH;
  verify(tls, host, options, result);
}

}  // namespace

std::string_view format_fault(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "none";
    case Fault::unreachable:
      return "not reached";
    case Fault::refused:
      return "the host refuses the session";
    case Fault::no_starttls:
      return "STARTTLS is not offered";
    case Fault::starttls_refused:
      return "STARTTLS is refused";
    case Fault::tls_failed:
      return "the TLS handshake failed";
  }
  std::unreachable();
}

Result probe(const dns::IpAddress& address, const Host& host, const Options& options) {
  const NoPipeSignal no_signal;
  Result result;
  result.address = address;
  auto connection =
      Connection::open(address, options.port, std::chrono::steady_clock::now() + options.timeout);
  if (!connection) {
    return stop(result, Fault::unreachable, connection.error());
  }
  talk(*connection, host, options, result);
  if (result.fault != Fault::unreachable && result.fault != Fault::tls_failed) {
    static_cast<void>(connection->command("QUIT"));
  }
  return result;
}

}  // namespace sekisho::smtp_probe
