// Questions, answers and results in libspf2's words and in ours.
#pragma once

#include "dns/answer.hpp"
#include "spf/libspf2.hpp"
#include "spf/result.hpp"

#include <optional>

namespace sekisho::spf {

/// Nullopt: no type that an evaluation asks for.
[[nodiscard]] std::optional<dns::RecordType> record_type(ns_type type);

/// Null where there is no memory.
[[nodiscard]] LibraryAnswer library_answer(SPF_dns_server_t* layer, const char* domain,
                                           ns_type type, const dns::Answer& answer);

/// `error` tells more where the library met one before it interpreted the record.
[[nodiscard]] ResultCode result_code(SPF_result_t result, SPF_errcode_t error);

}  // namespace sekisho::spf
