// The mechanisms that ask the DNS (RFC 7208 §5.3 to §5.7), and the limits that they share (§4.6.4).
#pragma once

#include "dns/task.hpp"
#include "spf/inquiry.hpp"
#include "spf/result.hpp"
#include "spf/validated_names.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::spf {

/// What a mechanism says (RFC 7208 §4.6.2): that it matches or not, or an exception with a reason.
struct Match {
  enum class Kind : std::uint8_t { no, yes, temperror, permerror };
  Kind kind = Kind::no;
  std::string reason;  ///< For people.
  Fault fault = Fault::none;
};

/// The exception of a fault, as describe_fault() describes it.
[[nodiscard]] Match exception_of(Fault fault, std::string_view subject = {},
                                 std::string_view detail = {});

/// A plain match or no match.
[[nodiscard]] Match match_if(bool matches);

/// The state of one evaluation, includes and redirects and all. One coroutine at a time uses it.
struct Evaluation {
  std::shared_ptr<Inquirer> inquirer;
  std::size_t void_limit = 0;
  std::size_t voids = 0;
  unsigned terms = 0;
  bool term_was_void = false;
  bool keeps_records = false;
  std::vector<UsedRecord> records;
  std::optional<ValidatedNames> validated;
};
using EvaluationPtr = std::shared_ptr<Evaluation>;

/// Counts a term against the limit of the whole evaluation, and among the terms that are asked for.
/// An exception past the limit. `term`: as in AskedAhead.
[[nodiscard]] std::optional<Match> begin_term(Evaluation& evaluation, const Page& page,
                                              std::size_t term);

/// The client's names, asked for once. They live as long as the evaluation.
[[nodiscard]] dns::Task<const ValidatedNames*> names_of_client(EvaluationPtr evaluation);

/// target_name() of a term of the record of `domain`, the macro `p` and all.
[[nodiscard]] dns::Task<std::optional<std::string>> expand_target(EvaluationPtr evaluation,
                                                                  std::string domain,
                                                                  DomainSpec domain_spec);

/// What was asked ahead for the term at `index`, else asks now. Where its answer is still to come,
/// asks ahead for the terms behind it.
[[nodiscard]] Inquiry begin_inquiry(Evaluation& evaluation, Page& page, std::size_t index,
                                    Mechanism mechanism, std::string name);

/// `a` (RFC 7208 §5.3), and `exists` (§5.7), where any address will do.
[[nodiscard]] dns::Task<Match> match_addresses(EvaluationPtr evaluation, Directive directive,
                                               std::string name, dns::Pending<dns::Answer> pending);
/// `mx` (RFC 7208 §5.4).
[[nodiscard]] dns::Task<Match> match_mail_hosts(EvaluationPtr evaluation, Directive directive,
                                                std::string name, dns::Task<MailHosts> pending);
/// `ptr` (RFC 7208 §5.5). `name` may be one that cannot exist: nothing lies below it.
[[nodiscard]] dns::Task<Match> match_pointer(EvaluationPtr evaluation, std::string name);

}  // namespace sekisho::spf
