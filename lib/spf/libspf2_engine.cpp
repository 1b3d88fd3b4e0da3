#include "spf/libspf2_engine.hpp"

#include "mail/ascii.hpp"
#include "spf/inquiry.hpp"
#include "spf/libspf2.hpp"
#include "spf/libspf2_guard.hpp"
#include "spf/libspf2_words.hpp"
#include "spf/record.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace sekisho::spf {

namespace {

/// One request: what the library's callbacks answer from, and whether it has left the ground that
/// the library is fit for. Once it has, every callback fails, which ends the library's work.
class Consultation {
 public:
  Consultation(const dns::Lookups& lookups, const Arguments& arguments, const Options& options);

  [[nodiscard]] std::optional<Verdict> run();

 private:
  static SPF_dns_rr_t* on_lookup(SPF_dns_server_t* layer, const char* domain, ns_type type,
                                 int should_cache) noexcept;
  static SPF_errcode_t on_get_spf(SPF_server_t* server, SPF_request_t* request,
                                  SPF_response_t* response, SPF_record_t** record) noexcept;

  [[nodiscard]] dns::Answer ask(const std::string& name, dns::RecordType type) const;
  [[nodiscard]] dns::Answer answer(const std::string& name, dns::RecordType type);
  [[nodiscard]] bool is_fit(const dns::Answer& answer, dns::RecordType type);
  [[nodiscard]] SPF_errcode_t compile(SPF_server_t* server, SPF_response_t* response,
                                      std::string domain, SPF_record_t** record);
  [[nodiscard]] SPF_errcode_t decline();

  const dns::Lookups& lookups_;
  const Arguments& arguments_;
  std::size_t void_limit_;
  SPF_dns_server_t layer_{};
  std::size_t voids_ = 0;
  std::size_t terms_ = 0;
  bool has_explanation_ = false;
  bool is_declined_ = false;
};

Consultation::Consultation(const dns::Lookups& lookups, const Arguments& arguments,
                           const Options& options)
    : lookups_(lookups), arguments_(arguments), void_limit_(options.void_lookup_limit) {
  layer_.lookup = &Consultation::on_lookup;
  layer_.get_spf = &Consultation::on_get_spf;
  layer_.name = "sekisho";
  layer_.hook = this;
}

SPF_errcode_t Consultation::decline() {
  is_declined_ = true;
  return SPF_E_DNS_ERROR;
}

dns::Answer Consultation::ask(const std::string& name, dns::RecordType type) const {
  auto pending = lookups_.lookup(name, type);
  return pending.get();
}

// The look-ups of mechanisms and macros. TXT is asked for by `exp` only: the library expands few
// explanations as RFC 7208 §6.2 has it, so it gets none.
dns::Answer Consultation::answer(const std::string& name, dns::RecordType type) {
  if (type == dns::RecordType::txt) {
    has_explanation_ = true;
    return dns::Answer::failed(dns::Status::no_data);
  }
  is_declined_ = is_declined_ || !is_askable(name);
  if (is_declined_) {
    return dns::Answer::failed(dns::Status::over_limit);
  }
  dns::Answer found = ask(name, type);
  is_declined_ = !is_fit(found, type);
  return is_declined_ ? dns::Answer::failed(dns::Status::over_limit) : found;
}

// Whether the library would treat this answer as RFC 7208 has it.
bool Consultation::is_fit(const dns::Answer& answer, dns::RecordType type) {
  const bool is_within_voids = !is_void(answer.status) || ++voids_ <= void_limit_;
  switch (type) {
    case dns::RecordType::mx: {
      const auto exchanges = answer.all<dns::MailExchange>();
      return is_within_voids && exchanges.size() <= max_mail_hosts &&
             std::ranges::all_of(exchanges, is_name_fit_for_libspf2, &dns::MailExchange::host);
    }
    case dns::RecordType::ptr: {  // RFC 7208 §5.5: an error is no match
      const auto hosts = answer.all<dns::HostName>();
      return is_within_voids && !dns::is_temporary(answer.status) &&
             hosts.size() <= max_pointer_names &&
             std::ranges::all_of(hosts, is_name_fit_for_libspf2, &dns::HostName::name);
    }
    case dns::RecordType::a:
    case dns::RecordType::aaaa:
    case dns::RecordType::txt:
    case dns::RecordType::cname:
    case dns::RecordType::ns:
    case dns::RecordType::soa:
    case dns::RecordType::tlsa:
    case dns::RecordType::caa:
    case dns::RecordType::ds:
    case dns::RecordType::dnskey:
    case dns::RecordType::spf:
      return is_within_voids;
  }
  std::unreachable();
}

SPF_dns_rr_t* Consultation::on_lookup(SPF_dns_server_t* layer, const char* domain, ns_type type,
                                      int /*should_cache*/) noexcept {
  auto& self = *static_cast<Consultation*>(layer->hook);
  try {
    const auto asked = record_type(type);
    const dns::Answer answer =
        asked ? self.answer(domain, *asked) : dns::Answer::failed(dns::Status::no_data);
    return library_answer(layer, domain, type, answer).release();
  } catch (...) {  // nothing may be thrown through the library: our own engine meets it again
    self.is_declined_ = true;
    return SPF_dns_rr_new_init(layer, domain, type, 0, TRY_AGAIN);
  }
}

// RFC 7208 §4.4, §4.5. What the library cannot compile is nothing for it.
SPF_errcode_t Consultation::compile(SPF_server_t* server, SPF_response_t* response,
                                    std::string domain, SPF_record_t** record) {
  if (is_declined_ || !is_askable(domain) || !domain.contains('.')) {
    return decline();
  }
  const dns::Answer answer = ask(domain, dns::RecordType::txt);
  if (dns::is_temporary(answer.status)) {
    return SPF_E_DNS_ERROR;
  }
  auto texts = answer.all<dns::Text>();
  std::erase_if(texts, [](const dns::Text* text) { return !is_spf_record(text->data); });
  if (texts.empty()) {
    return SPF_E_NOT_SPF;
  }
  const std::string& text = texts.front()->data;
  const auto parsed = parse_record(text);
  if (texts.size() > 1 || !parsed || !is_fit_for_libspf2(text, *parsed)) {
    return decline();
  }
  terms_ += count_lookup_terms(*parsed);
  if (terms_ > max_lookup_terms) {
    return decline();
  }
  return SPF_record_compile(server, response, record, text.c_str()) == SPF_E_SUCCESS ? SPF_E_SUCCESS
                                                                                     : decline();
}

SPF_errcode_t Consultation::on_get_spf(SPF_server_t* server, SPF_request_t* request,
                                       SPF_response_t* response, SPF_record_t** record) noexcept {
  auto& self = *static_cast<Consultation*>(server->resolver->hook);
  try {
    return self.compile(server, response, request->cur_dom, record);
  } catch (...) {  // as in on_lookup
    return self.decline();
  }
}

// The text of the library says which error it is.
Fault fault_of(ResultCode code) {
  switch (code) {
    case ResultCode::pass:
    case ResultCode::fail:
    case ResultCode::softfail:
    case ResultCode::neutral:
      return Fault::none;
    case ResultCode::none:
      return Fault::no_record;
    case ResultCode::temperror:
      return Fault::lookup_failed;
    case ResultCode::permerror:
      return Fault::library_error;
  }
  std::unreachable();
}

std::string describe(const Arguments& arguments, ResultCode code, SPF_errcode_t error) {
  std::string reason = "libspf2: ";
  switch (code) {
    case ResultCode::pass:
      return reason + arguments.client.text() + " is permitted by " + arguments.domain;
    case ResultCode::fail:
      return reason + arguments.client.text() + " is not permitted by " + arguments.domain;
    case ResultCode::softfail:
      return reason + arguments.client.text() + " is probably not permitted by " + arguments.domain;
    case ResultCode::neutral:
      return reason + "nothing is said about " + arguments.client.text() + " by " +
             arguments.domain;
    case ResultCode::none:
    case ResultCode::temperror:
    case ResultCode::permerror:
      return reason +
             describe_fault(fault_of(code), arguments.domain, mail::to_lower(SPF_strerror(error)));
  }
  std::unreachable();
}

std::optional<Verdict> Consultation::run() {
  const LibraryServer server(SPF_server_new_dns(&layer_, 0));
  if (!server) {
    return std::nullopt;
  }
  SPF_server_set_rec_dom(server.get(), arguments_.receiver.c_str());
  const LibraryRequest request(SPF_request_new(server.get()));
  const std::string sender = arguments_.local_part + '@' + arguments_.sender_domain;
  const std::string client = arguments_.client.text();
  if (!request ||
      (arguments_.client.is_v4()
           ? SPF_request_set_ipv4_str(request.get(), client.c_str())
           : SPF_request_set_ipv6_str(request.get(), client.c_str())) != SPF_E_SUCCESS ||
      SPF_request_set_helo_dom(request.get(), arguments_.helo.c_str()) != SPF_E_SUCCESS) {
    return std::nullopt;
  }
  SPF_request_set_env_from(request.get(), sender.c_str());
  SPF_response_t* raw_response = nullptr;
  const SPF_errcode_t error = SPF_request_query_mailfrom(request.get(), &raw_response);
  const LibraryResponse response(raw_response);
  if (is_declined_ || !response) {
    return std::nullopt;
  }
  Verdict verdict;
  verdict.code = result_code(SPF_response_result(response.get()), error);
  if (verdict.code == ResultCode::fail && has_explanation_) {
    return std::nullopt;
  }
  verdict.fault = fault_of(verdict.code);
  verdict.reason = describe(arguments_, verdict.code, error);
  return verdict;
}

}  // namespace

std::optional<Verdict> evaluate_by_libspf2(const dns::Lookups& lookups, const Arguments& arguments,
                                           const Options& options) {
  if (!is_fit_for_libspf2(arguments)) {
    return std::nullopt;
  }
  return Consultation(lookups, arguments, options).run();
}

}  // namespace sekisho::spf
