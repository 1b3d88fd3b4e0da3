#include "spf/inquiry.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace sekisho::spf {

namespace {

dns::Task<MailHosts> fetch_mail_hosts(std::shared_ptr<Inquirer> inquirer, std::string name) {
  auto pending = inquirer->ask(std::move(name), dns::RecordType::mx);
  const dns::Answer answer = co_await pending;
  MailHosts hosts;
  hosts.status = answer.status;
  const auto exchanges = answer.all<dns::MailExchange>();
  hosts.are_too_many = exchanges.size() > max_mail_hosts;
  if (!hosts.are_too_many) {
    for (const dns::MailExchange* exchange : exchanges) {
      if (is_askable(exchange->host)) {  // RFC 7505: the null MX is none
        hosts.addresses.push_back(inquirer->ask(exchange->host, inquirer->address_type()));
      }
    }
  }
  co_return hosts;
}

void set_fault(Page& page, Fault fault, std::string_view subject, std::string_view detail = {}) {
  page.code = result_of(fault);
  page.fault = fault;
  page.reason = describe_fault(fault, subject, detail);
}

// RFC 7208 §4.4, §4.5. What is wrong goes into the page.
void select_record(Page& page) {
  const std::string domain = printable(page.domain);
  if (dns::is_temporary(page.answer.status)) {
    set_fault(page, Fault::lookup_failed, "TXT of " + domain,
              dns::format_status(page.answer.status));
    return;
  }
  auto texts = page.answer.all<dns::Text>();
  std::erase_if(texts, [](const dns::Text* text) { return !is_spf_record(text->data); });
  if (texts.empty()) {
    const bool exists = page.answer.status != dns::Status::no_such_name;
    set_fault(page, exists ? Fault::no_record : Fault::no_such_name, domain);
    return;
  }
  if (texts.size() > 1) {
    set_fault(page, Fault::several_records, domain);
    return;
  }
  auto record = parse_record(texts.front()->data);
  if (!record) {
    set_fault(page, Fault::malformed_record, domain, format_record_error(record.error()));
    return;
  }
  page.record = std::move(*record);
}

// Asks for one term ahead, if its name is known by now and the limit allows it.
void ask_term_ahead(const std::shared_ptr<Inquirer>& inquirer, Page& page, std::size_t index,
                    Mechanism mechanism, const DomainSpec& domain_spec) {
  if (mechanism == Mechanism::ptr || domain_spec.use.validated_name ||
      was_asked_ahead(page, index) || !inquirer->may_ask_ahead()) {
    return;
  }
  auto name = target_name(inquirer->arguments(), page.domain, domain_spec);
  if (name) {
    page.ahead.push_back({index, inquire(inquirer, mechanism, std::move(*name), AskAhead::yes)});
  }
}

}  // namespace

Inquirer::Inquirer(dns::Lookups lookups, Arguments arguments)
    : arguments_(std::move(arguments)), lookups_(std::optional(std::move(lookups))) {}

dns::RecordType Inquirer::address_type() const {
  return arguments_.client.is_v4() ? dns::RecordType::a : dns::RecordType::aaaa;
}

dns::Pending<dns::Answer> Inquirer::ask(std::string name, dns::RecordType type) {
  const auto lookups = lookups_.lock();
  if (!*lookups) {
    return dns::Pending<dns::Answer>::ready(dns::Answer::failed(dns::Status::over_limit));
  }
  return (*lookups)->lookup(std::move(name), type);
}

bool Inquirer::may_ask_ahead() {
  unsigned terms = terms_.load();
  while (terms < max_lookup_terms) {
    if (terms_.compare_exchange_weak(terms, terms + 1)) {
      return true;
    }
  }
  return false;
}

void Inquirer::close() {
  lookups_.lock()->reset();
}

bool Inquiry::is_ready() const {
  return std::visit(
      [](const auto& pending) {
        if constexpr (requires { pending.is_ready(); }) {
          return pending.is_ready();
        } else {
          return true;
        }
      },
      reply);
}

Inquiry inquire(const std::shared_ptr<Inquirer>& inquirer, Mechanism mechanism, std::string name,
                AskAhead ask_ahead) {
  Inquiry inquiry;
  inquiry.name = std::move(name);
  if (!is_askable(inquiry.name)) {
    return inquiry;
  }
  switch (mechanism) {
    case Mechanism::include:
      if (!inquiry.name.contains('.')) {
        break;  // RFC 7208 §4.3: "not a multi-label domain name"
      }
      inquiry.reply = fetch_page(inquirer, inquiry.name, ask_ahead);
      break;
    case Mechanism::a:
      inquiry.reply = inquirer->ask(inquiry.name, inquirer->address_type());
      break;
    case Mechanism::exists:  // RFC 7208 §5.7: A "even when the connection type is IPv6"
      inquiry.reply = inquirer->ask(inquiry.name, dns::RecordType::a);
      break;
    case Mechanism::mx:
      inquiry.reply = fetch_mail_hosts(inquirer, inquiry.name);
      break;
    case Mechanism::all:
    case Mechanism::ptr:
    case Mechanism::ip4:
    case Mechanism::ip6:
      break;  // nothing to ask of their name
  }
  return inquiry;
}

dns::Task<PagePtr> fetch_page(std::shared_ptr<Inquirer> inquirer, std::string domain,
                              AskAhead asking) {
  auto page = std::make_shared<Page>();
  page->domain = std::move(domain);
  auto pending = inquirer->ask(page->domain, dns::RecordType::txt);
  page->answer = co_await pending;
  select_record(*page);
  if (asking == AskAhead::yes) {
    ask_ahead(inquirer, *page, 0);
  }
  co_return page;
}

bool was_asked_ahead(const Page& page, std::size_t term) {
  return std::ranges::find(page.ahead, term, &AskedAhead::term) != page.ahead.end();
}

std::optional<Inquiry> take_asked_ahead(Page& page, std::size_t term) {
  const auto found = std::ranges::find(page.ahead, term, &AskedAhead::term);
  if (found == page.ahead.end()) {
    return std::nullopt;
  }
  std::optional<Inquiry> inquiry = std::move(found->inquiry);
  page.ahead.erase(found);
  return inquiry;
}

void ask_ahead(const std::shared_ptr<Inquirer>& inquirer, Page& page, std::size_t first) {
  const std::vector<Directive>& directives = page.record.directives;
  for (std::size_t i = first; i < directives.size(); ++i) {
    if (directives[i].mechanism == Mechanism::all) {
      return;
    }
    if (is_lookup_term(directives[i].mechanism)) {
      ask_term_ahead(inquirer, page, i, directives[i].mechanism, directives[i].domain_spec);
    }
  }
  if (page.record.redirect) {
    ask_term_ahead(inquirer, page, directives.size(), Mechanism::include, *page.record.redirect);
  }
}

bool is_plain(std::string_view text) {
  constexpr std::string_view wants_quotes = "\"(),;<>[\\]";
  return std::ranges::all_of(
      text, [&](char c) { return c > ' ' && c <= '~' && !wants_quotes.contains(c); });
}

std::optional<std::string> target_name(const Arguments& arguments, std::string_view domain,
                                       const DomainSpec& domain_spec,
                                       std::string_view validated_name) {
  if (domain_spec.text.empty()) {
    return std::string(domain);
  }
  if ((domain_spec.use.local_part && !is_plain(arguments.local_part)) ||
      (domain_spec.use.helo && !is_plain(arguments.helo))) {
    return std::nullopt;
  }
  MacroValues values = macro_values(arguments, domain);
  values.validated_name = validated_name;
  return expand_name(domain_spec.text, values);
}

}  // namespace sekisho::spf
