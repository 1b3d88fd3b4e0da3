// The SPF record of a domain with all records that it includes, and what they cost (RFC 7208
// §4.6.4). The records are read by the parser of the evaluator.
#pragma once

#include "dns/answer.hpp"
#include "dns/lookups.hpp"
#include "domain_check/address_set.hpp"
#include "spf/record.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::domain_check {

/// Records of one tree; what lies beyond is not counted.
inline constexpr std::size_t max_spf_records = 100;
/// Terms of all records that ask the DNS; what lies beyond is not counted.
inline constexpr std::size_t max_spf_terms = 300;
/// An include within an include, and so on. Evaluators end at ten.
inline constexpr std::size_t max_spf_depth = 20;

enum class SpfNodeStatus : std::uint8_t {
  found,
  none,         ///< The name has no SPF record.
  many,         ///< RFC 7208 §4.5.
  broken,       ///< RFC 7208 §4.6: see `fault`.
  loop,         ///< It is being evaluated already.
  unknown,      ///< The DNS did not answer.
  not_followed  ///< The name depends on the client, or the limits were reached.
};
[[nodiscard]] std::string_view format_spf_node_status(SpfNodeStatus status);

/// A look-up that was not answered.
struct FailedLookup {
  dns::Question question;
  dns::Status status = dns::Status::timeout;
};

/// One record of the tree. Text is as published, any octets.
struct SpfNode {
  std::string name;
  std::string term;  ///< That led here: "include:a.example"; "" for the domain.
  std::size_t depth = 0;
  SpfNodeStatus status = SpfNodeStatus::found;
  std::string record;
  std::string fault;                          ///< For people; of a broken record.
  std::optional<std::size_t> fault_position;  ///< Octets from the beginning of the record.

  std::vector<std::string> lookup_terms;   ///< Those that count against the limit.
  std::vector<std::string> void_terms;     ///< Those whose names have no records.
  std::vector<std::string> client_terms;   ///< Those that may be void for some clients.
  std::vector<std::string> wide_terms;     ///< Networks of a /8 and wider.
  std::vector<std::string> crowded_terms;  ///< `mx` with more than ten hosts.
  std::vector<FailedLookup> failures;

  AddressSet passing;       ///< What passes by this record and those below it.
  bool passes_all = false;  ///< `+all` is reached here, or below.
  std::optional<spf::ResultCode> all;
  bool has_redirect = false;
  bool has_explanation = false;
  bool has_terms_after_all = false;
  bool has_pointer = false;
};

struct SpfTree {
  std::vector<SpfNode> nodes;  ///< In the order of evaluation: the domain first.
  bool is_cut = false;         ///< The limits were reached: the counts are too low.
  /// The TXT records of the domain itself, as published.
  std::vector<std::string> texts;
  /// Where exp= of the deciding record points, if that does not depend on the client.
  std::optional<std::string> explanation_name;

  [[nodiscard]] const SpfNode& root() const { return nodes.front(); }
  [[nodiscard]] std::size_t lookups() const;
  [[nodiscard]] std::size_t voids() const;
  [[nodiscard]] bool has(SpfNodeStatus status) const;
};

/// Asks for the whole tree, and waits: not to be called on the network's thread.
[[nodiscard]] SpfTree read_spf_tree(const dns::Lookups& lookups, const std::string& domain);

}  // namespace sekisho::domain_check
