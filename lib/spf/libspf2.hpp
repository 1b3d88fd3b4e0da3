// libspf2 behind owner types.
#pragma once

#include "c_ptr.hpp"

#include <netdb.h>
#include <netinet/in.h>

// <spf2/spf.h> is plain C, and does not compile without the header before it.
// clang-format off
#include <arpa/nameser.h>
extern "C" {
#include <spf2/spf.h>
}
// clang-format on

namespace sekisho::spf {

using LibraryServer = CPtr<SPF_server_t, &SPF_server_free>;
using LibraryRequest = CPtr<SPF_request_t, &SPF_request_free>;
using LibraryResponse = CPtr<SPF_response_t, &SPF_response_free>;
using LibraryAnswer = CPtr<SPF_dns_rr_t, &SPF_dns_rr_free>;

}  // namespace sekisho::spf
