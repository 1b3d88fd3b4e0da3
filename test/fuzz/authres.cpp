// Authentication-Results as it arrives: parsing, writing what was parsed, finding forged fields.
#include "authres/authentication_results.hpp"
#include "authres/received_spf.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <string>
#include <string_view>

using namespace sekisho::authres;

namespace {

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// A quoted string keeps the tab of its fold, and a value with one is not written. Quotes and
// escapes can double its size.
bool can_be_written(std::string_view value) {
  return 2 * value.size() + 2 <= max_written_value && !value.contains('\t') &&
         !value.contains("=?");
}

// No value and no result could be left out when the field was written again.
bool can_be_written(const AuthenticationResults& field, std::size_t size) {
  return 4 * size <= max_written_octets &&
         std::ranges::all_of(field.results, [](const MethodResult& result) {
           return can_be_written(result.reason) &&
                  std::ranges::all_of(result.properties, [](const Property& property) {
                    return !property.value.empty() && can_be_written(property.value);
                  });
         });
}

bool written_is_bounded(const std::expected<AuthenticationResults, ParseError>& field) {
  return !field || field->authserv_id.size() > max_written_value ||
         format(*field, {.comments = true}).size() <= max_written_octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the bytes are text here
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  const auto field = parse(value);
  if (field) {
    const std::string written = format(*field, {.comments = true});
    require(!written.contains('\0') && !written.contains("\n\r"));
    if (can_be_written(*field, size)) {
      require(parse(written) == field);
    }
    require(claims_authserv_id(value, field->authserv_id) || field->authserv_id.empty());
    require(claims_authserv_id(written, field->authserv_id) || field->authserv_id.empty());
  }
  static_cast<void>(claims_authserv_id(value, "mx.example.org"));
  static_cast<void>(claims_authserv_id(value, "b\u00fccher.example"));
  static_cast<void>(has_unsupported_version(value));
  const std::string names[] = {"mx.example.org", ""};
  static_cast<void>(claims_received_spf(value, names));
  require(claims_received_spf("pass receiver=mx.example.org;" + std::string(value), names));
  require(written_is_bounded(field));
  require(claims_authserv_id("mx.example.org;" + std::string(value), "mx.example.org"));
  return 0;
}
