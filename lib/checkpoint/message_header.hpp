// The header section of a message as it comes in, as far as the limits allow.
#pragma once

#include "checkpoint/forged_fields.hpp"
#include "checkpoint/options.hpp"
#include "mail/author.hpp"
#include "mail/header_field.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace sekisho::checkpoint {

/// Fields beyond the limits are dropped; those that only we may write are still noted. Not
/// thread-safe.
class MessageHeader {
 public:
  /// As ForgedFields has them.
  MessageHeader(const std::string& authserv_id, const std::string& host_name);

  void add(mail::HeaderField field, const Limits& limits);

  [[nodiscard]] const mail::HeaderSection& fields() const { return fields_; }
  /// False: fields are missing.
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  [[nodiscard]] const ForgedFields& forged() const { return forged_; }
  [[nodiscard]] mail::Author author(const Limits& limits) const;

  /// Moves the fields out.
  [[nodiscard]] mail::HeaderSection take() { return std::exchange(fields_, {}); }

 private:
  mail::HeaderSection fields_;
  std::size_t octets_ = 0;
  bool is_whole_ = true;
  ForgedFields forged_;
};

}  // namespace sekisho::checkpoint
