// ldns behind owner types, and with its trap defused.
#pragma once

#include "c_ptr.hpp"

// <ldns/common.h> defines bool, true and false as macros unless this came first.
// NOLINTNEXTLINE(modernize-deprecated-headers): <cstdbool> does not set the guard
#include <stdbool.h>

#include <ldns/ldns.h>

namespace sekisho::dns {

using LdnsName = CPtr<ldns_rdf, &ldns_rdf_deep_free>;
using LdnsRecord = CPtr<ldns_rr, &ldns_rr_free>;
using LdnsPacket = CPtr<ldns_pkt, &ldns_pkt_free>;

}  // namespace sekisho::dns
