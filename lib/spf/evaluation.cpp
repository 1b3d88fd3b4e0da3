#include "spf/evaluation.hpp"

#include "spf/inquiry.hpp"
#include "spf/match.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sekisho::spf {

namespace {

/// What check_host() says of one domain; `page` is the record that decided, after its redirects.
struct PageVerdict {
  ResultCode code = ResultCode::neutral;
  std::string mechanism;
  std::string reason;
  PagePtr page;
  Fault fault = Fault::none;
};

/// Lets the evaluation's look-ups go, however it ends.
class Closing {
 public:
  explicit Closing(std::shared_ptr<Inquirer> inquirer) : inquirer_(std::move(inquirer)) {}
  Closing(const Closing&) = delete;
  Closing& operator=(const Closing&) = delete;
  ~Closing() { inquirer_->close(); }

 private:
  std::shared_ptr<Inquirer> inquirer_;
};

dns::Task<PageVerdict> evaluate_page(EvaluationPtr evaluation, PagePtr page);

// RFC 7208 §5.2, the table.
Match match_of_include(PageVerdict verdict) {
  switch (verdict.code) {
    case ResultCode::pass:
      return match_if(true);
    case ResultCode::fail:
    case ResultCode::softfail:
    case ResultCode::neutral:
      return match_if(false);
    case ResultCode::temperror:
      return {Match::Kind::temperror, std::move(verdict.reason), verdict.fault};
    case ResultCode::permerror:
      return {Match::Kind::permerror, std::move(verdict.reason), verdict.fault};
    case ResultCode::none:
      return {Match::Kind::permerror, "include:" + verdict.reason, verdict.fault};
  }
  std::unreachable();
}

dns::Task<Match> match_include(EvaluationPtr evaluation, dns::Task<PagePtr> pending) {
  PagePtr page = co_await pending;
  auto evaluating = evaluate_page(std::move(evaluation), std::move(page));
  PageVerdict verdict = co_await evaluating;
  co_return match_of_include(std::move(verdict));
}

// A question that is under way.
dns::Task<Match> match_inquiry(EvaluationPtr evaluation, Directive directive, Inquiry inquiry) {
  if (auto* answer = std::get_if<dns::Pending<dns::Answer>>(&inquiry.reply)) {
    return match_addresses(std::move(evaluation), directive, std::move(inquiry.name),
                           std::move(*answer));
  }
  if (auto* hosts = std::get_if<dns::Task<MailHosts>>(&inquiry.reply)) {
    return match_mail_hosts(std::move(evaluation), directive, std::move(inquiry.name),
                            std::move(*hosts));
  }
  auto& page = std::get<dns::Task<PagePtr>>(inquiry.reply);
  return match_include(std::move(evaluation), std::move(page));
}

// A name that cannot exist matches nothing; as a domain it has no record (RFC 7208 §4.3).
Match match_impossible_name(Mechanism mechanism, std::string_view name) {
  if (mechanism == Mechanism::include) {
    return exception_of(Fault::invalid_target, "include:" + printable(name));
  }
  return match_if(false);
}

// A mechanism that asks the DNS.
dns::Task<Match> match_by_lookup(EvaluationPtr evaluation, PagePtr page, std::size_t index) {
  const Directive& directive = page->record.directives[index];
  if (auto exception = begin_term(*evaluation, *page, index)) {
    co_return std::move(*exception);
  }
  auto expanding = expand_target(evaluation, page->domain, directive.domain_spec);
  if (!expanding.is_ready()) {
    ask_ahead(evaluation->inquirer, *page, index + 1);
  }
  std::optional<std::string> name = co_await expanding;
  if (!name) {
    co_return match_if(false);
  }
  if (directive.mechanism == Mechanism::ptr) {
    auto matching = match_pointer(evaluation, std::move(*name));
    if (!matching.is_ready()) {
      ask_ahead(evaluation->inquirer, *page, index + 1);
    }
    Match match = co_await matching;
    co_return match;
  }
  Inquiry inquiry = begin_inquiry(*evaluation, *page, index, directive.mechanism, std::move(*name));
  if (std::holds_alternative<std::monostate>(inquiry.reply)) {
    co_return match_impossible_name(directive.mechanism, inquiry.name);
  }
  auto matching = match_inquiry(evaluation, directive, std::move(inquiry));
  Match match = co_await matching;
  co_return match;
}

// RFC 7208 §5.1, §5.6
bool matches_without_lookup(const Directive& directive, const dns::IpAddress& client) {
  return directive.mechanism == Mechanism::all ||
         client.is_in(directive.network, client.is_v4() ? directive.prefix4 : directive.prefix6);
}

std::string describe_match(const dns::IpAddress& client, const Directive& directive,
                           std::string_view domain) {
  const std::string by = " by " + printable(directive.text) + " of " + printable(domain);
  switch (directive.result) {
    case ResultCode::pass:
      return client.text() + " is permitted" + by;
    case ResultCode::fail:
      return client.text() + " is not permitted" + by;
    case ResultCode::softfail:
      return client.text() + " is probably not permitted" + by;
    case ResultCode::neutral:
    case ResultCode::none:
    case ResultCode::temperror:
    case ResultCode::permerror:
      return "nothing is said about " + client.text() + by;
  }
  std::unreachable();
}

PageVerdict exception_verdict(Match match, PagePtr page) {
  const bool is_temporary = match.kind == Match::Kind::temperror;
  return {is_temporary ? ResultCode::temperror : ResultCode::permerror,
          {},
          std::move(match.reason),
          std::move(page),
          match.fault};
}

// The page that a redirect leads to (RFC 7208 §6.1): one with a code, where it leads nowhere.
dns::Task<PagePtr> follow_redirect(EvaluationPtr evaluation, PagePtr page) {
  auto nowhere = std::make_shared<Page>();
  nowhere->domain = page->domain;
  nowhere->code = ResultCode::permerror;
  const std::size_t term = page->record.directives.size();
  if (auto exception = begin_term(*evaluation, *page, term)) {
    nowhere->fault = exception->fault;
    nowhere->reason = std::move(exception->reason);
    co_return nowhere;
  }
  auto expanding = expand_target(evaluation, page->domain, *page->record.redirect);
  std::optional<std::string> name = co_await expanding;
  Inquiry inquiry =
      begin_inquiry(*evaluation, *page, term, Mechanism::include, std::move(name).value_or(""));
  auto* fetching = std::get_if<dns::Task<PagePtr>>(&inquiry.reply);
  if (fetching == nullptr) {
    nowhere->fault = Fault::invalid_target;
    nowhere->reason = describe_fault(Fault::invalid_target, "redirect=" + printable(inquiry.name));
    co_return nowhere;
  }
  PagePtr next = co_await *fetching;
  if (next->code == ResultCode::none) {
    next->code = ResultCode::permerror;
    next->reason.insert(0, "redirect=");
  }
  co_return next;
}

// RFC 7208 §4.6.2: "Each mechanism is considered in turn from left to right."
dns::Task<PageVerdict> evaluate_directives(EvaluationPtr evaluation, PagePtr page) {
  const dns::IpAddress client = evaluation->inquirer->arguments().client;
  const std::vector<Directive>& directives = page->record.directives;
  for (std::size_t i = 0; i < directives.size(); ++i) {
    const Directive& directive = directives[i];
    Match match;
    if (is_lookup_term(directive.mechanism)) {
      auto matching = match_by_lookup(evaluation, page, i);
      match = co_await matching;
    } else {
      match = match_if(matches_without_lookup(directive, client));
    }
    if (match.kind == Match::Kind::yes) {
      co_return PageVerdict{directive.result, printable(directive.text),
                            describe_match(client, directive, page->domain), page, Fault::none};
    }
    if (match.kind != Match::Kind::no) {
      co_return exception_verdict(std::move(match), page);
    }
  }
  co_return PageVerdict{ResultCode::neutral,
                        {},
                        "no term of " + printable(page->domain) + " matches " + client.text(),
                        page,
                        Fault::none};
}

// A record that cannot be used counts, too: it made the result.
void keep_record(Evaluation& evaluation, const Page& page) {
  if (!evaluation.keeps_records) {
    return;
  }
  for (const dns::Text* text : page.answer.all<dns::Text>()) {
    if (is_spf_record(text->data)) {
      evaluation.records.push_back({page.domain, text->data});
    }
  }
}

// check_host() for one domain, its record looked up already.
dns::Task<PageVerdict> evaluate_page(EvaluationPtr evaluation, PagePtr page) {
  for (;;) {
    keep_record(*evaluation, *page);
    if (page->code != ResultCode::neutral) {
      co_return PageVerdict{page->code, {}, page->reason, page, page->fault};
    }
    auto evaluating = evaluate_directives(evaluation, page);
    PageVerdict verdict = co_await evaluating;
    const bool is_decided = verdict.code != ResultCode::neutral || !verdict.mechanism.empty();
    if (is_decided || !page->record.redirect) {
      co_return verdict;
    }
    auto redirecting = follow_redirect(evaluation, page);
    page = co_await redirecting;
  }
}

// RFC 7208 §6.2. Empty where there is no explanation that may be used.
dns::Task<std::string> explain(EvaluationPtr evaluation, PagePtr page) {
  auto expanding = expand_target(evaluation, page->domain, *page->record.explanation);
  std::optional<std::string> name = co_await expanding;
  if (!name || !is_askable(*name)) {
    co_return {};
  }
  auto pending = evaluation->inquirer->ask(std::move(*name), dns::RecordType::txt);
  const dns::Answer answer = co_await pending;
  const auto texts = answer.all<dns::Text>();
  if (texts.size() != 1 || texts.front()->data.size() > max_explanation_octets) {
    co_return {};
  }
  const std::string& explain_string = texts.front()->data;
  const auto use = check_macro_string(explain_string, MacroScope::explanation);
  if (!use) {
    co_return {};
  }
  MacroValues values = macro_values(evaluation->inquirer->arguments(), page->domain);
  std::string validated_name;
  if (use->validated_name) {
    auto asking = names_of_client(evaluation);
    const ValidatedNames* names = co_await asking;
    validated_name = names->best_for(page->domain);
    values.validated_name = validated_name;
  }
  co_return expand_explanation(explain_string, values).value_or("");
}

}  // namespace

dns::Task<Verdict> evaluate(dns::Lookups lookups, Arguments arguments, Options options) {
  auto evaluation = std::make_shared<Evaluation>();
  evaluation->inquirer = std::make_shared<Inquirer>(std::move(lookups), std::move(arguments));
  evaluation->void_limit = options.void_lookup_limit;
  evaluation->keeps_records = options.keep_records;
  const Closing closing(evaluation->inquirer);

  std::string domain = evaluation->inquirer->arguments().domain;
  auto fetching = fetch_page(evaluation->inquirer, std::move(domain), AskAhead::no);
  PagePtr page = co_await fetching;
  auto evaluating = evaluate_page(evaluation, std::move(page));
  PageVerdict decided = co_await evaluating;
  Verdict verdict;
  verdict.code = decided.code;
  verdict.mechanism = std::move(decided.mechanism);
  verdict.reason = std::move(decided.reason);
  verdict.fault = decided.fault;
  verdict.records = std::move(evaluation->records);
  if (verdict.code == ResultCode::fail && decided.page->record.explanation) {
    auto explaining = explain(evaluation, decided.page);
    verdict.explanation = co_await explaining;
  }
  co_return verdict;
}

}  // namespace sekisho::spf
