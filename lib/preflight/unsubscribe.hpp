// One-click unsubscription: what the fields say (RFC 2369 §3.2, RFC 8058). Nothing here ever opens
// a URL.
#pragma once

#include "mail/header_field.hpp"
#include "preflight/finding.hpp"
#include "preflight/form_reader.hpp"
#include "preflight/kind.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sekisho::preflight {

/// The URIs of a List-Unsubscribe value, in order, comments skipped; at most 20.
struct UnsubscribeUris {
  std::vector<std::string> uris;
  bool is_well_formed = true;  ///< `<URI>` items with commas between them (RFC 2369 §2).
};
[[nodiscard]] UnsubscribeUris parse_unsubscribe(std::string_view value);

struct UnsubscribeContext {
  Kind kind = Kind::personal;
  bool is_bulk_sender = false;  ///< The rules for bulk senders are errors.
  std::vector<std::string> recipients;
};

/// Adds unsub.url, unsub.post, unsub.opaque and list.id.
void check_unsubscribe(const FormReader& form, const UnsubscribeContext& context,
                       std::vector<Finding>& findings);

/// Returns true if the message offers one-click unsubscription, whether or not correctly.
[[nodiscard]] bool offers_one_click(const mail::HeaderSection& header);

/// The one HTTPS URI of a message that offers one-click unsubscription; "": none, or several.
[[nodiscard]] std::string one_click_uri(const mail::HeaderSection& header);

}  // namespace sekisho::preflight
