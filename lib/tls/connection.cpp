#include "tls/connection.hpp"

#include "mail/ascii.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace sekisho::tls {

namespace {

constexpr std::array<std::string_view, version_count> version_names{
    "none", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "other"};

constexpr std::array<std::pair<std::string_view, Version>, 4> bounds{{{"1.0", Version::tls_1_0},
                                                                      {"1.1", Version::tls_1_1},
                                                                      {"1.2", Version::tls_1_2},
                                                                      {"1.3", Version::tls_1_3}}};

std::optional<Version> parse_bound(std::string_view text) {
  for (const auto& [name, version] : bounds) {
    if (name == text) {
      return version;
    }
  }
  return std::nullopt;
}

unsigned parse_bits(std::string_view text) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  return error == std::errc{} && end == text.data() + text.size() ? bits : 0;
}

// A distinguished name on one line separates by "/" what may itself hold "/": one that shows two
// common names is none.
std::string common_name(std::string_view name) {
  constexpr std::string_view mark = "/CN=";
  if (!name.starts_with('/')) {
    return std::string(name);
  }
  const std::size_t begin = name.find(mark);
  if (begin == std::string_view::npos || name.rfind(mark) != begin) {
    return {};
  }
  const std::string_view rest = name.substr(begin + mark.size());
  return std::string(rest.substr(0, rest.find('/')));
}

bool is_verified(const Macros& macros, std::string_view mta) {
  return macros.verify.empty() ? mta.starts_with("Postfix") : macros.verify == "OK";
}

std::optional<Certificate> read_certificate(const Macros& macros, std::string_view mta) {
  // Postfix, which has no {verify}, sends common names, and one may look like another's whole name.
  const auto name_of = [&](const std::string& common, const std::string& any) {
    return !common.empty() ? common : macros.verify.empty() ? any : common_name(any);
  };
  Certificate certificate{name_of(macros.common_subject, macros.subject),
                          name_of(macros.common_issuer, macros.issuer)};
  if (certificate.subject.empty() || !is_verified(macros, mta)) {
    return std::nullopt;
  }
  return certificate;
}

}  // namespace

std::string_view format_version(Version version) {
  return version_names.at(static_cast<std::size_t>(version));
}

Version parse_version(std::string_view name) {
  if (name.empty()) {
    return Version::none;
  }
  for (std::size_t i = 0; i < version_names.size(); ++i) {
    if (mail::to_lower(version_names.at(i)) == mail::to_lower(name)) {
      return static_cast<Version>(i);
    }
  }
  return Version::other;
}

Connection read_macros(const Macros& macros, std::string_view mta) {
  Connection connection;
  connection.version = parse_version(macros.version);
  if (connection.version == Version::none) {
    return connection;
  }
  connection.cipher = macros.cipher;
  connection.bits = parse_bits(macros.bits);
  connection.certificate = read_certificate(macros, mta);
  return connection;
}

std::optional<Requirement> Requirement::parse(std::string_view text) {
  if (text == "none") {
    return Requirement(Kind::none, Version::none, text);
  }
  if (text == "any") {
    return Requirement(Kind::any, Version::none, text);
  }
  const bool is_lower_bound = text.starts_with(">=");
  if (!is_lower_bound && !text.starts_with('<')) {
    return std::nullopt;
  }
  const auto bound = parse_bound(text.substr(is_lower_bound ? 2 : 1));
  if (!bound) {
    return std::nullopt;
  }
  return Requirement(is_lower_bound ? Kind::at_least : Kind::below, *bound, text);
}

bool Requirement::holds(Version version) const {
  switch (kind_) {
    case Kind::none:
      return version == Version::none;
    case Kind::any:
      return version != Version::none;
    case Kind::at_least:
      return version != Version::other && version >= bound_;
    case Kind::below:
      return version < bound_;
  }
  std::unreachable();
}

}  // namespace sekisho::tls
