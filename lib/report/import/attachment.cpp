#include "report/import/attachment.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace sekisho::report::import {

namespace {

bool has_extension(std::string_view name) {
  constexpr std::string_view extensions[] = {".xml", ".gz", ".gzip", ".zip", ".json", ".tgz"};
  const std::string lower = mail::to_lower(name);
  return std::ranges::any_of(extensions, [&](std::string_view e) { return lower.ends_with(e); });
}

bool is_report_type(std::string_view type) {
  constexpr std::string_view types[] = {
      "application/gzip",        "application/x-gzip", "application/zip",
      "application/x-zip",       "application/xml",    "application/x-zip-compressed",
      "application/x-gunzip",    "text/xml",           "application/tlsrpt+json",
      "application/tlsrpt+gzip", "message/rfc822"};
  return std::ranges::find(types, type) != std::end(types);
}

// `application` is a drawer for everything; what has a vendor's or a well-known name is not meant.
bool is_open_type(std::string_view type) {
  constexpr std::string_view others[] = {"application/pdf",
                                         "application/msword",
                                         "application/rtf",
                                         "application/ms-tnef",
                                         "application/pgp-signature",
                                         "application/pgp-keys",
                                         "application/pkcs7-mime",
                                         "application/x-pkcs7-mime",
                                         "application/pkcs7-signature",
                                         "application/x-pkcs7-signature",
                                         "application/ics",
                                         "application/postscript"};
  return type.starts_with("application/") && !type.starts_with("application/vnd.") &&
         std::ranges::find(others, type) == std::end(others);
}

}  // namespace

AttachmentKind attachment_kind(const MimePart& part) {
  if (is_report_type(part.type) || has_extension(part.name)) {
    return AttachmentKind::report;
  }
  const bool is_open =
      is_open_type(part.type) || part.type.starts_with("binary/") || !part.type.contains('/');
  return is_open ? AttachmentKind::nothing : AttachmentKind::other;
}

}  // namespace sekisho::report::import
