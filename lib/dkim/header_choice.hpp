// Which header fields a signature covers (RFC 6376 §5.4, §8.15; RFC 8058 §4): for DKIM and ARC.
#pragma once

#include "dkim/header_hash.hpp"
#include "dkim/sign_options.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sekisho::dkim {

/// A field that stands more often than this is signed this often, from the bottom. No honest
/// message comes near, and h= stays short enough for those who verify.
inline constexpr std::size_t max_signed_instances = 20;

/// Where all names together exceed this, fields that stand often are signed fewer times: Postfix
/// cuts a field at 60,000 octets.
inline constexpr std::size_t max_chosen_octets = std::size_t{16} * 1024;

/// The names of h= in order, spelled as the options do: each as often as it occurs, and once more
/// where it is oversigned. A name that may not be signed is passed over.
[[nodiscard]] std::vector<std::string> choose_signed_names(const HeaderIndex& index,
                                                           const SignOptions& options);

/// What is wrong with a list of `signed_fields`, for people; nullopt: nothing. Refused are names
/// that are none, and fields that change on their way (RFC 6376 §5.4.1).
[[nodiscard]] std::optional<std::string> find_signed_fields_fault(
    std::span<const std::string> names);

/// The same for `oversigned_fields`, where Sender and List-* are refused too: mailing lists add
/// them.
[[nodiscard]] std::optional<std::string> find_oversigned_fields_fault(
    std::span<const std::string> names);

}  // namespace sekisho::dkim
