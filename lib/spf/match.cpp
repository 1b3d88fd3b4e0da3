#include "spf/match.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::spf {

namespace {

Match temporary_error(dns::RecordType type, std::string_view name, dns::Status status) {
  const std::string question = std::string(dns::format_type(type)) + " of " + printable(name);
  return exception_of(Fault::lookup_failed, question, dns::format_status(status));
}

// RFC 7208 §4.6.4: counts the terms for which a query found nothing, each once. An exception past
// the limit.
std::optional<Match> count_void(Evaluation& evaluation, dns::Status status) {
  if (!is_void(status) || evaluation.term_was_void) {
    return std::nullopt;
  }
  evaluation.term_was_void = true;
  if (++evaluation.voids <= evaluation.void_limit) {
    return std::nullopt;
  }
  return exception_of(Fault::too_many_void_lookups, std::to_string(evaluation.void_limit));
}

bool has_address(const dns::Answer& answer, const dns::IpAddress& client,
                 const Directive& directive) {
  const auto addresses = answer.all<dns::IpAddress>();
  const unsigned prefix = client.is_v4() ? directive.prefix4 : directive.prefix6;
  return std::ranges::any_of(
      addresses, [&](const dns::IpAddress* address) { return client.is_in(*address, prefix); });
}

}  // namespace

Match exception_of(Fault fault, std::string_view subject, std::string_view detail) {
  const bool is_temporary = result_of(fault) == ResultCode::temperror;
  return {is_temporary ? Match::Kind::temperror : Match::Kind::permerror,
          describe_fault(fault, subject, detail), fault};
}

Match match_if(bool matches) {
  return {matches ? Match::Kind::yes : Match::Kind::no, {}, Fault::none};
}

std::optional<Match> begin_term(Evaluation& evaluation, const Page& page, std::size_t term) {
  evaluation.term_was_void = false;
  if (++evaluation.terms > max_lookup_terms) {
    return exception_of(Fault::too_many_lookups);
  }
  if (!was_asked_ahead(page, term)) {
    evaluation.inquirer->count_term();
  }
  return std::nullopt;
}

dns::Task<const ValidatedNames*> names_of_client(EvaluationPtr evaluation) {
  if (!evaluation->validated) {
    auto pending = validate_names(evaluation->inquirer);
    evaluation->validated = co_await pending;
  }
  co_return &*evaluation->validated;
}

dns::Task<std::optional<std::string>> expand_target(EvaluationPtr evaluation, std::string domain,
                                                    DomainSpec domain_spec) {
  std::string validated_name = "unknown";
  if (domain_spec.use.validated_name) {
    auto pending = names_of_client(evaluation);
    const ValidatedNames* names = co_await pending;
    validated_name = names->best_for(domain);
  }
  co_return target_name(evaluation->inquirer->arguments(), domain, domain_spec, validated_name);
}

Inquiry begin_inquiry(Evaluation& evaluation, Page& page, std::size_t index, Mechanism mechanism,
                      std::string name) {
  std::optional<Inquiry> inquiry = take_asked_ahead(page, index);
  if (!inquiry) {
    inquiry = inquire(evaluation.inquirer, mechanism, std::move(name));
  }
  if (!inquiry->is_ready()) {
    ask_ahead(evaluation.inquirer, page, index + 1);
  }
  return std::move(*inquiry);
}

dns::Task<Match> match_addresses(EvaluationPtr evaluation, Directive directive, std::string name,
                                 dns::Pending<dns::Answer> pending) {
  const dns::Answer answer = co_await pending;
  const bool is_exists = directive.mechanism == Mechanism::exists;
  if (dns::is_temporary(answer.status)) {
    co_return temporary_error(is_exists ? dns::RecordType::a : evaluation->inquirer->address_type(),
                              name, answer.status);
  }
  if (auto exception = count_void(*evaluation, answer.status)) {
    co_return std::move(*exception);
  }
  if (is_exists) {
    co_return match_if(answer.status == dns::Status::found);
  }
  co_return match_if(has_address(answer, evaluation->inquirer->arguments().client, directive));
}

dns::Task<Match> match_mail_hosts(EvaluationPtr evaluation, Directive directive, std::string name,
                                  dns::Task<MailHosts> pending) {
  MailHosts hosts = co_await pending;
  if (dns::is_temporary(hosts.status)) {
    co_return temporary_error(dns::RecordType::mx, name, hosts.status);
  }
  if (hosts.are_too_many) {
    Match exception = exception_of(Fault::too_many_mail_hosts, printable(name));
    co_return exception;
  }
  if (auto exception = count_void(*evaluation, hosts.status)) {
    co_return std::move(*exception);
  }
  for (dns::Pending<dns::Answer>& address : hosts.addresses) {
    const dns::Answer answer = co_await address;
    if (dns::is_temporary(answer.status)) {
      co_return temporary_error(evaluation->inquirer->address_type(), name, answer.status);
    }
    if (auto exception = count_void(*evaluation, answer.status)) {
      co_return std::move(*exception);
    }
    if (has_address(answer, evaluation->inquirer->arguments().client, directive)) {
      co_return match_if(true);
    }
  }
  co_return match_if(false);
}

dns::Task<Match> match_pointer(EvaluationPtr evaluation, std::string name) {
  auto pending = names_of_client(evaluation);
  const ValidatedNames* names = co_await pending;
  if (names->is_void) {
    if (auto exception = count_void(*evaluation, dns::Status::no_data)) {
      co_return std::move(*exception);
    }
  }
  co_return match_if(names->has_name_within(name));
}

}  // namespace sekisho::spf
