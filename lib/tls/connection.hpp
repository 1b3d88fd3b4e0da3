// TLS on the way in (RFC 3207): what the MTA says of the client's connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::tls {

/// In the order of their age, but for `none` and `other`.
enum class Version : std::uint8_t {
  none,  ///< The connection is not encrypted, or the MTA does not say that it is.
  ssl_3,
  tls_1_0,
  tls_1_1,
  tls_1_2,
  tls_1_3,
  other,  ///< A name that is not known here.
};
inline constexpr std::size_t version_count = 7;

/// As OpenSSL writes it: `TLSv1`, `TLSv1.2`; `none`, `other`.
[[nodiscard]] std::string_view format_version(Version version);
/// The reverse, in any case of letters. Empty is `none`; an unknown name is `other`.
[[nodiscard]] Version parse_version(std::string_view name);

/// The MTA's macros, as they come. Empty: not sent.
struct Macros {
  std::string version;  ///< {tls_version}
  std::string cipher;   ///< {cipher}
  std::string bits;     ///< {cipher_bits}
  std::string subject;  ///< {cert_subject}: Sendmail's is a distinguished name, Postfix's its CN.
  std::string issuer;   ///< {cert_issuer}, likewise
  std::string common_subject;  ///< {cn_subject} of Sendmail
  std::string common_issuer;   ///< {cn_issuer} of Sendmail
  std::string verify;          ///< {verify} of Sendmail: `OK` and others
};

/// A certificate of the client's that the MTA verified.
struct Certificate {
  std::string subject;  ///< Common name.
  std::string issuer;   ///< Common name.
};

struct Connection {
  Version version = Version::none;
  std::string cipher;
  unsigned bits = 0;                       ///< Secret bits of the cipher; 0: unknown.
  std::optional<Certificate> certificate;  ///< Nullopt: none, or not verified.
};

/// A certificate counts if {verify} is `OK`, or if the MTA is Postfix (`mta`, its {v}, begins with
/// that name), which sends the names of verified certificates alone.
[[nodiscard]] Connection read_macros(const Macros& macros, std::string_view mta);

/// The condition `tls` of a [[rule]]: `none`, `any`, `>=1.2`, `<1.2`.
class Requirement {
 public:
  static constexpr const char* expected = R"("none", "any", ">=1.2" or "<1.2")";

  /// Nullopt: not a condition. Versions are 1.0, 1.1, 1.2, 1.3.
  [[nodiscard]] static std::optional<Requirement> parse(std::string_view text);
  /// `<` includes connections without TLS; `other` is only `any`.
  [[nodiscard]] bool holds(Version version) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  enum class Kind : std::uint8_t { none, any, at_least, below };

  Requirement(Kind kind, Version bound, std::string_view text)
      : kind_(kind), bound_(bound), text_(text) {}

  Kind kind_;
  Version bound_;
  std::string text_;
};

}  // namespace sekisho::tls
