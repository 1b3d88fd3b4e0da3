#include "milter/session/macros.hpp"

#include <array>

#include <libmilter/mfdef.h>

namespace sekisho::milter {

namespace {

// Those of TLS at MAIL, since a client need not say EHLO again after STARTTLS to be heard.
constexpr const char* macros_of_mail =
    "{auth_authen} {tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer} {cn_subject} "
    "{cn_issuer} {verify}";

}  // namespace

void ask_for_macros(SMFICTX* context) {
  struct List {
    int stage;
    std::string macros;
  };
  std::array<List, 7> lists{{{SMFIM_CONNECT, "{daemon_name} v"},
                             {SMFIM_HELO, ""},
                             {SMFIM_ENVFROM, macros_of_mail},
                             {SMFIM_ENVRCPT, ""},
                             {SMFIM_DATA, ""},
                             {SMFIM_EOH, ""},
                             {SMFIM_EOM, "i"}}};
  for (List& list : lists) {
    static_cast<void>(smfi_setsymlist(context, list.stage, list.macros.data()));
  }
}

std::string macro(SMFICTX* context, std::string name) {
  const char* value = smfi_getsymval(context, name.data());
  return value == nullptr ? "" : value;
}

std::string take_macro(SMFICTX* context, std::string name) {
  char* const value = smfi_getsymval(context, name.data());
  if (value == nullptr) {
    return {};
  }
  std::string taken = value;
  *value = '\0';
  return taken;
}

tls::Connection take_tls(SMFICTX* context) {
  const tls::Macros macros{.version = take_macro(context, "{tls_version}"),
                           .cipher = take_macro(context, "{cipher}"),
                           .bits = take_macro(context, "{cipher_bits}"),
                           .subject = take_macro(context, "{cert_subject}"),
                           .issuer = take_macro(context, "{cert_issuer}"),
                           .common_subject = take_macro(context, "{cn_subject}"),
                           .common_issuer = take_macro(context, "{cn_issuer}"),
                           .verify = take_macro(context, "{verify}")};
  return tls::read_macros(macros, macro(context, "v"));
}

void forget_macros(SMFICTX* context) {
  static_cast<void>(take_macro(context, "{auth_authen}"));
  static_cast<void>(take_macro(context, "{daemon_name}"));
  static_cast<void>(take_tls(context));
}

}  // namespace sekisho::milter
