// Why answers about a domain are bogus, or soon will be: the chain of trust of DNSSEC (RFC 4035).
#pragma once

#include "dns/answer.hpp"
#include "domain_check/examination.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace sekisho::domain_check {

/// RFC 4035 §4.3.
enum class Security : std::uint8_t { secure, insecure, bogus };

struct Validated {
  dns::Status status = dns::Status::timeout;
  Security security = Security::insecure;
  std::string why;  ///< For people; of a bogus answer.
};

/// Validates answers itself, from a trust anchor.
class Validator {
 public:
  Validator() = default;
  Validator(const Validator&) = delete;
  Validator& operator=(const Validator&) = delete;
  Validator(Validator&&) = delete;
  Validator& operator=(Validator&&) = delete;
  virtual ~Validator() = default;

  /// The root has the name "". `type` is the number of RFC 1035 §3.2.2.
  [[nodiscard]] virtual Validated validate(const std::string& name, std::uint16_t type) = 0;
  /// The data of the records in wire form, not validated; empty if there are none. Only for
  /// explaining: nobody may use them.
  [[nodiscard]] virtual std::expected<std::vector<std::string>, dns::Status> unchecked(
      const std::string& name, std::uint16_t type) = 0;
};

/// Compares the DS records of the closest signed zone with its keys, and validates the answers that
/// mail depends on. Nothing without Options::validator. Waits.
void check_chain(Examination& examination);

}  // namespace sekisho::domain_check
