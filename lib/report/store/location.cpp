#include "report/store/location.hpp"

#include "mail/ascii.hpp"
#include "report/store/connection_uri.hpp"

#include <algorithm>

namespace sekisho::report::store {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite://";

bool is_server(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

}  // namespace

std::expected<Location, std::string> parse_location(std::string_view text) {
  if (is_server(text)) {
    if (auto fault = find_uri_fault(text)) {
      return std::unexpected(*std::move(fault));
    }
    return Location{Backend::postgresql, std::string(text)};
  }
  std::string_view path = text;
  if (path.starts_with(sqlite_scheme)) {
    path.remove_prefix(sqlite_scheme.size());
  } else if (path.contains("://")) {
    return std::unexpected("neither sqlite:// nor postgresql://");
  }
  const bool quotable = std::ranges::none_of(
      path, [](char c) { return mail::is_control(c) || c == '"' || c == '\''; });
  if (!path.starts_with('/') || path.ends_with('/') || !quotable) {
    return std::unexpected("it begins with a slash, and has no quotes in it");
  }
  return Location{Backend::sqlite, std::string(path)};
}

std::string format_location(const Location& location) {
  if (location.backend == Backend::sqlite) {
    return location.target;
  }
  // A password may stand before the host and among the parameters (libpq, "Connection URIs").
  const std::string_view whole =
      std::string_view(location.target).substr(0, location.target.find('?'));
  const std::size_t scheme_end = whole.find("://") + 3;
  const std::size_t host = whole.rfind('@');
  const std::string_view shown =
      whole.substr(host == std::string_view::npos ? scheme_end : host + 1);
  return "postgresql://" + std::string(shown);
}

std::string shown_location(std::string_view text) {
  if (const auto location = parse_location(text)) {
    return format_location(*location);
  }
  const bool is_path = text.starts_with('/') || text.find_first_of(":@?") == std::string_view::npos;
  return is_path ? std::string(text) : "(not shown: it may hold a password)";
}

}  // namespace sekisho::report::store
