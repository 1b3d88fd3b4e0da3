#include "report/format/aggregate_draft.hpp"

#include "mail/ascii.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace sekisho::report::format {

namespace {

// Of what should stand once the first counts.
void keep_first(std::string& field, std::string_view text) {
  if (field.empty()) {
    field = text;
  }
}

template <typename T, typename Value>
void keep_known(T& field, const std::optional<Value>& value, AggregateDraft& draft,
                std::string_view complaint) {
  if (!value) {
    draft.notes.add(complaint);
    return;
  }
  field = *value;
}

std::optional<std::uint8_t> parse_percent(std::string_view text) {
  const auto value = parse_count(text);
  return value && *value <= 100 ? std::optional(static_cast<std::uint8_t>(*value)) : std::nullopt;
}

std::optional<bool> parse_testing(std::string_view text) {
  const bool yes = mail::equals_ignoring_case(text, "y");
  return yes || mail::equals_ignoring_case(text, "n") ? std::optional(yes) : std::nullopt;
}

std::optional<bool> parse_pass(std::string_view text) {
  const auto result = parse_auth_result(text);
  return result ? std::optional(*result == AuthResult::pass) : std::nullopt;
}

// Some write the port behind the address: after a colon, where an address of IPv6 is in brackets.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    return text.substr(1, text.find(']') - 1);
  }
  const std::size_t colon = text.find(':');
  return colon == text.rfind(':') ? text.substr(0, colon) : text;
}

void set_source(AggregateDraft& draft, std::string_view text) {
  const std::string_view bare = without_port(text);
  if (bare.size() != text.size()) {
    draft.notes.add("a source_ip is not an address alone");
    text = bare;
  }
  if (const auto address = dns::IpAddress::parse(text)) {
    draft.record.source = *address;
    draft.has_source = true;
  }
}

void set_count(AggregateDraft& draft, std::string_view text) {
  if (const auto count = parse_count(text)) {
    draft.record.count = *count;
    draft.has_count = true;
  }
}

void add_error(AggregateDraft& draft, std::string_view text) {
  std::vector<std::string>& errors = draft.header.metadata.errors;
  if (errors.size() == max_record_results) {
    draft.notes.add("the report has more errors than are read");
    return;
  }
  errors.emplace_back(text);
}

using Setter = void (*)(AggregateDraft&, std::string_view);
using Setters = std::unordered_map<std::string_view, Setter>;

// Paths below `feedback`. A setter is called with text only where there is some.
const Setters& header_setters() {
  static const Setters setters = {
      {"report_metadata/org_name",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.header.metadata.org_name, t); }},
      {"report_metadata/email",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.header.metadata.email, t); }},
      {"report_metadata/extra_contact_info",
       [](AggregateDraft& d, std::string_view t) {
         keep_first(d.header.metadata.extra_contact_info, t);
       }},
      {"report_metadata/report_id",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.header.metadata.report_id, t); }},
      {"report_metadata/date_range/begin",
       [](AggregateDraft& d, std::string_view t) { d.begin = parse_timestamp(t); }},
      {"report_metadata/date_range/end",
       [](AggregateDraft& d, std::string_view t) { d.end = parse_timestamp(t); }},
      {"report_metadata/error", add_error},
      {"report_metadata/generator",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.header.metadata.generator, t); }},
      {"policy_published/domain",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.header.policy.domain, t); }},
      {"policy_published/discovery_method",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.header.policy.discovery_method, parse_discovery_method(t), d,
                    "discovery_method is neither psl nor treewalk");
       }},
      {"policy_published/p",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.header.policy.policy, parse_policy(t), d, "p is no policy");
       }},
      {"policy_published/sp",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.header.policy.subdomain_policy, parse_policy(t), d, "sp is no policy");
       }},
      {"policy_published/np",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.header.policy.nonexistent_policy, parse_policy(t), d, "np is no policy");
       }},
      {"policy_published/adkim",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.header.policy.dkim_alignment, parse_alignment_mode(t), d,
                    "adkim is neither r nor s");
       }},
      {"policy_published/aspf",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.header.policy.spf_alignment, parse_alignment_mode(t), d,
                    "aspf is neither r nor s");
       }},
      {"policy_published/fo",
       [](AggregateDraft& d, std::string_view t) {
         keep_first(d.header.policy.failure_options, t);
       }},
      {"policy_published/testing",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.header.policy.testing, parse_testing(t), d, "testing is neither y nor n");
       }},
      {"policy_published/pct",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.header.policy.percent, parse_percent(t), d, "pct is no percentage");
       }},
  };
  return setters;
}

// Paths below `feedback/record`.
const Setters& record_setters() {
  static const Setters setters = {
      {"row/source_ip", set_source},
      {"row/count", set_count},
      {"row/policy_evaluated/disposition",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.record.disposition, parse_disposition(t), d, "disposition is not known");
       }},
      {"row/policy_evaluated/dkim",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.record.dkim_aligned, parse_pass(t), d,
                    "policy_evaluated/dkim is neither pass nor fail");
       }},
      {"row/policy_evaluated/spf",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.record.spf_aligned, parse_pass(t), d,
                    "policy_evaluated/spf is neither pass nor fail");
       }},
      {"row/policy_evaluated/reason/type",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.reason.type, parse_override_type(t), d, "an override type is not known");
         d.has_reason = true;
       }},
      {"row/policy_evaluated/reason/comment",
       [](AggregateDraft& d, std::string_view t) {
         keep_first(d.reason.comment, t);
         d.has_reason = true;
       }},
      {"identifiers/header_from",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.record.header_from, t); }},
      {"identifiers/envelope_from",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.record.envelope_from, t); }},
      {"identifiers/envelope_to",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.record.envelope_to, t); }},
      {"auth_results/dkim/domain",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.dkim.domain, t); }},
      {"auth_results/dkim/selector",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.dkim.selector, t); }},
      {"auth_results/dkim/result",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.dkim.result, parse_auth_result(t), d, "a DKIM result is not known");
       }},
      {"auth_results/dkim/human_result",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.dkim.human_result, t); }},
      {"auth_results/spf/domain",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.spf.domain, t); }},
      {"auth_results/spf/scope",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.spf.scope, parse_scope(t), d, "an SPF scope is not known");
       }},
      {"auth_results/spf/result",
       [](AggregateDraft& d, std::string_view t) {
         keep_known(d.spf.result, parse_auth_result(t), d, "an SPF result is not known");
       }},
      {"auth_results/spf/human_result",
       [](AggregateDraft& d, std::string_view t) { keep_first(d.spf.human_result, t); }},
  };
  return setters;
}

// An empty element counts as absent.
void apply(const Setters& setters, AggregateDraft& draft, std::string_view path,
           std::string_view text) {
  if (const auto setter = setters.find(path); setter != setters.end() && !text.empty()) {
    setter->second(draft, text);
  }
}

}  // namespace

void set_header_field(AggregateDraft& draft, std::string_view path, std::string_view text) {
  apply(header_setters(), draft, path, text);
}

void set_record_field(AggregateDraft& draft, std::string_view path, std::string_view text) {
  apply(record_setters(), draft, path, text);
}

}  // namespace sekisho::report::format
