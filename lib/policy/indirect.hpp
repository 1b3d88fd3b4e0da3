// Signs of an indirect mail flow: a mailing list, a forwarder, a person who sent a message on (RFC
// 7960 §3.2).
#pragma once

#include "mail/header_field.hpp"

#include <string>

namespace sekisho::policy {

/// The field that hints most clearly at an intermediary between the author and us, by its name;
/// empty: none does. It is part of the "other knowledge and analysis" without which no message may
/// be refused for p=reject (RFC 9989 §7.4).
///
/// Anybody can write these fields, and nothing here is authenticated. So they only ever lower a
/// refusal to what is done under p=quarantine; they never make DMARC pass. A forger who adds one
/// gains what RFC 9989 §7.4 gives to every failing message.
[[nodiscard]] std::string find_indirect_signs(const mail::HeaderSection& header);

/// The identifier of the mailing list (RFC 2919 §3), lower case, without its angle brackets; empty
/// where there is none, or more than one field. Anybody can write it.
[[nodiscard]] std::string find_list_id(const mail::HeaderSection& header);

}  // namespace sekisho::policy
