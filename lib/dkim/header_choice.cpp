#include "dkim/header_choice.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <string_view>

namespace sekisho::dkim {

namespace {

using mail::equals_ignoring_case;

// RFC 6376 §5.4.1. Whoever could change the MIME fields could have another part of the body shown,
// or none: §5.4 advises to sign all of them.
constexpr std::string_view default_fields[] = {
    "From",        "Reply-To",     "Subject",        "Date",
    "To",          "Cc",           "Message-ID",     "Resent-Date",
    "Resent-From", "Resent-To",    "Resent-Cc",      "In-Reply-To",
    "References",  "MIME-Version", "Content-Type",   "Content-Transfer-Encoding",
    "List-Id",     "List-Help",    "List-Subscribe", "List-Post",
    "List-Owner",  "List-Archive"};

// RFC 6376 §5.4 and §5.4.1: fields that are removed, added or changed on the way.
constexpr std::string_view never_signed[] = {"Return-Path",
                                             "Received",
                                             "Comments",
                                             "Keywords",
                                             "Bcc",
                                             "Resent-Bcc",
                                             "DKIM-Signature",
                                             "Authentication-Results",
                                             "ARC-Seal",
                                             "ARC-Message-Signature",
                                             "ARC-Authentication-Results"};

bool contains(const auto& names, std::string_view name) {
  return std::ranges::any_of(names,
                             [&](std::string_view one) { return equals_ignoring_case(one, name); });
}

// field-name (RFC 5322 §2.2), without the semicolon, which would end the tag.
bool is_field_name(std::string_view name) {
  constexpr std::size_t longest = 76;
  return !name.empty() && name.size() <= longest && std::ranges::all_of(name, [](char c) {
    return c > ' ' && c < '\x7f' && c != ':' && c != ';';
  });
}

bool may_be_signed(std::string_view name) {
  return is_field_name(name) && !contains(never_signed, name);
}

bool may_be_oversigned(std::string_view name) {
  constexpr std::string_view of_lists = "List-";
  return may_be_signed(name) && !equals_ignoring_case(name, "Sender") &&
         !equals_ignoring_case(name.substr(0, of_lists.size()), of_lists);
}

// Appends those that are not there yet.
void merge(std::vector<std::string_view>& names, const auto& more) {
  for (const std::string_view name : more) {
    if (may_be_signed(name) && !contains(names, name)) {
      names.push_back(name);
    }
  }
}

std::vector<std::string_view> candidates(const SignOptions& options) {
  std::vector<std::string_view> names;
  if (options.signed_fields.empty()) {
    merge(names, default_fields);
  }
  merge(names, options.signed_fields);
  merge(names, std::array<std::string_view, 1>{"From"});  // RFC 6376 §5.4
  merge(names, options.always_signed);
  merge(names, options.oversigned_fields);
  return names;
}

std::string unsuitable(const std::string& name, bool is_name, std::string_view what) {
  return is_name ? name + ' ' + std::string(what) : "not the name of a header field";
}

std::vector<std::string> choose_instances(const HeaderIndex& index, const SignOptions& options,
                                          std::size_t most) {
  std::vector<std::string> chosen;
  for (const std::string_view name : candidates(options)) {
    const bool is_oversigned = may_be_oversigned(name) && contains(options.oversigned_fields, name);
    const std::size_t count = index.count(name) + (is_oversigned ? 1 : 0);
    chosen.insert(chosen.end(), std::min(count, most), std::string(name));
  }
  return chosen;
}

std::size_t octets_of(const std::vector<std::string>& names) {
  std::size_t octets = 0;
  for (const std::string& name : names) {
    octets += name.size() + 1;
  }
  return octets;
}

}  // namespace

std::vector<std::string> choose_signed_names(const HeaderIndex& index, const SignOptions& options) {
  std::vector<std::string> chosen;
  // Two are enough for a field that stands once and is oversigned.
  for (const std::size_t instances : {max_signed_instances, std::size_t{5}, std::size_t{2}}) {
    chosen = choose_instances(index, options, instances);
    if (octets_of(chosen) <= max_chosen_octets) {
      break;
    }
  }
  return chosen;
}

std::optional<std::string> find_signed_fields_fault(std::span<const std::string> names) {
  const auto bad = std::ranges::find_if_not(names, may_be_signed);
  if (bad == names.end()) {
    return std::nullopt;
  }
  return unsuitable(*bad, is_field_name(*bad), "changes on the way and may not be signed");
}

std::optional<std::string> find_oversigned_fields_fault(std::span<const std::string> names) {
  if (auto fault = find_signed_fields_fault(names)) {
    return fault;
  }
  const auto bad = std::ranges::find_if_not(names, may_be_oversigned);
  if (bad == names.end()) {
    return std::nullopt;
  }
  return *bad + " is added by mailing lists and may not be oversigned";
}

}  // namespace sekisho::dkim
