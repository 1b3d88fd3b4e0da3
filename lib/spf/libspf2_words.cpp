#include "spf/libspf2_words.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <variant>

namespace sekisho::spf {

namespace {

SPF_dns_stat_t library_status(dns::Status status) {
  switch (status) {
    case dns::Status::found:
      return NETDB_SUCCESS;
    case dns::Status::no_data:
      return NO_DATA;
    case dns::Status::no_such_name:
      return HOST_NOT_FOUND;
    case dns::Status::server_failure:
    case dns::Status::refused:
    case dns::Status::timeout:
    case dns::Status::malformed:
    case dns::Status::over_limit:
      return TRY_AGAIN;
  }
  std::unreachable();
}

/// The wire or text form in which the library holds a record.
std::string library_data(const dns::IpAddress& address) {
  const auto& octets = address.octets();
  return {octets.begin(), octets.begin() + (address.is_v4() ? 4 : 16)};
}
std::string library_data(const dns::Text& text) {
  return text.data + '\0';
}
std::string library_data(const dns::HostName& host) {
  return host.name + '\0';
}
std::string library_data(const dns::MailExchange& exchange) {
  return exchange.host + '\0';
}
/// Of a type that the library never asks for.
template <typename Other>
std::string library_data(const Other& /*other*/) {
  return {};
}

void append(SPF_dns_rr_t& answer, const dns::Record& record) {
  const std::string data =
      std::visit([](const auto& value) { return library_data(value); }, record);
  if (SPF_dns_rr_buf_realloc(&answer, answer.num_rr, data.size()) == SPF_E_SUCCESS) {
    std::memcpy(answer.rr[answer.num_rr], data.data(), data.size());
    ++answer.num_rr;
  }
}

}  // namespace

std::optional<dns::RecordType> record_type(ns_type type) {
  switch (type) {
    case ns_t_a:
      return dns::RecordType::a;
    case ns_t_aaaa:
      return dns::RecordType::aaaa;
    case ns_t_mx:
      return dns::RecordType::mx;
    case ns_t_ptr:
      return dns::RecordType::ptr;
    case ns_t_txt:
      return dns::RecordType::txt;
    default:  // a C enumeration of all the types that there are
      return std::nullopt;
  }
}

LibraryAnswer library_answer(SPF_dns_server_t* layer, const char* domain, ns_type type,
                             const dns::Answer& answer) {
  LibraryAnswer result(SPF_dns_rr_new_init(layer, domain, type, 0, library_status(answer.status)));
  if (result && answer.records) {
    std::ranges::for_each(*answer.records,
                          [&](const dns::Record& record) { append(*result, record); });
  }
  return result;
}

ResultCode result_code(SPF_result_t result, SPF_errcode_t error) {
  switch (result) {
    case SPF_RESULT_NEUTRAL:
      return ResultCode::neutral;
    case SPF_RESULT_PASS:
      return ResultCode::pass;
    case SPF_RESULT_FAIL:
      return ResultCode::fail;
    case SPF_RESULT_SOFTFAIL:
      return ResultCode::softfail;
    case SPF_RESULT_NONE:
      return ResultCode::none;
    case SPF_RESULT_TEMPERROR:
      return ResultCode::temperror;
    case SPF_RESULT_PERMERROR:
      return ResultCode::permerror;
    case SPF_RESULT_INVALID:  // an error met before the record is interpreted
      break;
  }
  if (error == SPF_E_DNS_ERROR) {
    return ResultCode::temperror;
  }
  return error == SPF_E_NOT_SPF ? ResultCode::none : ResultCode::permerror;
}

}  // namespace sekisho::spf
