// Authentication-Results as it arrives: parsing, writing what was parsed, finding forged fields.
#include "authres/authentication_results.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace sekisho::authres;

namespace {

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// A quoted string keeps the tab of its fold, and a value with one is not written.
bool can_be_written(std::string_view value) {
  return value.size() <= max_written_value && !value.contains('\t');
}

// No value could be left out when the field was written again.
bool can_be_written(const AuthenticationResults& field) {
  return std::ranges::all_of(field.results, [](const MethodResult& result) {
    return can_be_written(result.reason) &&
           std::ranges::all_of(result.properties, [](const Property& property) {
             return !property.value.empty() && can_be_written(property.value);
           });
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the bytes are text here
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  const auto field = parse(value);
  if (field) {
    const std::string written = format(*field, {.comments = true});
    require(!written.contains('\0') && !written.contains("\n\r"));
    if (can_be_written(*field)) {
      require(parse(written) == field);
    }
    require(claims_authserv_id(value, field->authserv_id) || field->authserv_id.empty());
    require(claims_authserv_id(written, field->authserv_id) || field->authserv_id.empty());
  }
  static_cast<void>(claims_authserv_id(value, "mx.example.org"));
  static_cast<void>(claims_authserv_id(value, "b\u00fccher.example"));
  static_cast<void>(has_unsupported_version(value));
  require(claims_authserv_id("mx.example.org;" + std::string(value), "mx.example.org"));
  return 0;
}
