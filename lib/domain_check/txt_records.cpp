#include "domain_check/txt_records.hpp"

#include "dmarc/report_uri.hpp"
#include "dmarc/split.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::domain_check {

namespace {

constexpr std::size_t max_fields = 100;

struct Field {
  std::string_view name;
  std::string_view value;
};

// The records that begin with `version` and `;`, or are just that.
std::vector<std::string> records_of_version(const dns::Answer& answer, std::string_view version) {
  std::vector<std::string> records = texts_of(answer);
  std::erase_if(records, [&](const std::string& text) {
    const std::string_view rest =
        mail::trimmed(std::string_view(text).substr(std::min(version.size(), text.size())));
    return !text.starts_with(version) || (!rest.empty() && !rest.starts_with(';'));
  });
  return records;
}

// Behind the version. Nullopt where a field has no name or no "=", or there are too many.
std::optional<std::vector<Field>> fields_of(std::string_view record) {
  std::vector<Field> fields;
  static_cast<void>(dmarc::take_until(record, ';'));
  while (!record.empty()) {
    const std::string_view part = mail::trimmed(dmarc::take_until(record, ';'));
    if (part.empty()) {
      continue;
    }
    const std::size_t equals = part.find('=');
    if (equals == 0 || equals == std::string_view::npos || fields.size() == max_fields) {
      return std::nullopt;
    }
    fields.push_back(
        {mail::trimmed(part.substr(0, equals)), mail::trimmed(part.substr(equals + 1))});
  }
  return fields;
}

const Field* find(const std::vector<Field>& fields, std::string_view name) {
  const auto field = std::ranges::find(fields, name, &Field::name);
  return field == fields.end() ? nullptr : &*field;
}

// Asks, and notes none and several.
struct Question {
  Check check;
  Check check_of_many;
  std::string name;
  std::string_view version;
  bool is_wanted;
  std::string suggestion;
};

TxtRecord find_one(Examination& examination, const Question& question) {
  TxtRecord found;
  found.name = question.name;
  const dns::Answer answer =
      examination.ask_for(question.check, question.name, dns::RecordType::txt);
  found.status = answer.status;
  if (dns::is_temporary(answer.status)) {
    return found;
  }
  std::vector<std::string> records = records_of_version(answer, question.version);
  if (records.size() > 1) {
    examination.outcomes.bad(question.check_of_many, question.name,
                             std::to_string(records.size()) + " records");
  } else if (records.size() == 1) {
    found.record = std::move(records.front());
  } else if (question.is_wanted) {
    Finding& none = examination.outcomes.bad(question.check, question.name,
                                             "no record with " + std::string(question.version));
    none.level = Level::warning;
    none.publish = txt_line(question.name, question.suggestion);
  }
  return found;
}

// sts-id = %s"id=" 1*32(ALPHA / DIGIT)
bool is_sts_id(std::string_view id) {
  return !id.empty() && id.size() <= 32 && std::ranges::all_of(id, mail::is_alphanumeric);
}

std::string_view fault_of_sts(const std::optional<std::vector<Field>>& fields) {
  if (!fields) {
    return "a field that is not name=value";
  }
  if (std::ranges::count(*fields, "id", &Field::name) > 1) {
    return "id= occurs twice";
  }
  const Field* id = find(*fields, "id");
  if (id == nullptr) {
    return "id= is missing";
  }
  return is_sts_id(id->value) ? "" : "id= is not 1 to 32 letters and digits";
}

bool is_tls_report_uri(std::string_view uri) {
  const std::string lower = mail::to_lower(uri.substr(0, uri.find(':')));
  return dmarc::is_report_uri(uri) && (lower == "mailto" || lower == "https");
}

std::string fault_of_tls_report(const std::optional<std::vector<Field>>& fields) {
  if (!fields) {
    return "a field that is not name=value";
  }
  const Field* rua = find(*fields, "rua");
  if (rua == nullptr || rua->value.empty()) {
    return "rua= is missing";
  }
  std::string_view list = rua->value;
  do {
    const std::string_view uri = mail::trimmed(dmarc::take_until(list, ','));
    if (!is_tls_report_uri(uri)) {
      return shown(uri) + " is no valid mailto: or https: URI";
    }
  } while (!list.empty());
  return "";
}

bool is_https_or_empty(std::string_view uri) {
  return uri.empty() || mail::equals_ignoring_case(uri.substr(0, 8), "https://");
}

std::string_view fault_of_bimi(const std::optional<std::vector<Field>>& fields) {
  if (!fields) {
    return "a tag that is not name=value";
  }
  for (const Field& field : *fields) {
    if (std::ranges::count(*fields, field.name, &Field::name) > 1) {
      return "a tag occurs twice";
    }
  }
  const Field* location = find(*fields, "l");
  if (location == nullptr) {
    return "l= is missing";
  }
  if (!is_https_or_empty(location->value)) {
    return "l= is no https: URI";
  }
  const Field* evidence = find(*fields, "a");
  return evidence == nullptr || is_https_or_empty(evidence->value) ? "" : "a= is no https: URI";
}

// The BIMI draft, §7.1.
std::string_view gate_fault(const dmarc::Record* policy) {
  if (policy == nullptr || !policy->usable || policy->policy == dmarc::Policy::none) {
    return "DMARC has p=none, or there is no record";
  }
  if (policy->subdomain_policy == dmarc::Policy::none) {
    return "DMARC has sp=none";
  }
  if (policy->testing) {
    return "DMARC has t=y";
  }
  const auto old = dmarc::parse_record(policy->text, dmarc::Specification::rfc7489);
  const bool is_partial = old && old->percent < 100;
  return is_partial && policy->policy == dmarc::Policy::quarantine ? "DMARC has pct below 100" : "";
}

void judge(Examination& examination, Check check, const std::string& name, std::string_view fault) {
  if (fault.empty()) {
    examination.outcomes.good(check, name);
  } else {
    examination.outcomes.bad(check, name, std::string(fault));
  }
}

}  // namespace

TxtRecord check_sts_record(Examination& examination, bool receives_mail) {
  TxtRecord found = find_one(examination, {.check = Check::sts_record,
                                           .check_of_many = Check::sts_record,
                                           .name = "_mta-sts." + examination.domain.text(),
                                           .version = "v=STSv1",
                                           .is_wanted = receives_mail,
                                           .suggestion = "v=STSv1; id=1"});
  if (found.record) {
    judge(examination, Check::sts_record, found.name, fault_of_sts(fields_of(*found.record)));
  }
  return found;
}

TxtRecord check_tls_report_record(Examination& examination, bool receives_mail) {
  const std::string& domain = examination.domain.text();
  TxtRecord found =
      find_one(examination, {.check = Check::tlsrpt_record,
                             .check_of_many = Check::tlsrpt_record,
                             .name = "_smtp._tls." + domain,
                             .version = "v=TLSRPTv1",
                             .is_wanted = receives_mail,
                             .suggestion = "v=TLSRPTv1; rua=mailto:tlsrpt@" + domain});
  if (found.record) {
    judge(examination, Check::tlsrpt_record, found.name,
          fault_of_tls_report(fields_of(*found.record)));
  }
  return found;
}

TxtRecord check_bimi_record(Examination& examination, const dmarc::Record* policy) {
  TxtRecord found = find_one(examination, {.check = Check::bimi_record,
                                           .check_of_many = Check::bimi_many,
                                           .name = "default._bimi." + examination.domain.text(),
                                           .version = "v=BIMI1",
                                           .is_wanted = false,
                                           .suggestion = ""});
  if (!found.record) {
    return found;
  }
  const auto fields = fields_of(*found.record);
  const std::string_view fault = fault_of_bimi(fields);
  judge(examination, Check::bimi_record, found.name, fault);
  const Field* location = fields ? find(*fields, "l") : nullptr;
  const bool is_declined = location != nullptr && location->value.empty();
  if (fault.empty() && !is_declined) {
    judge(examination, Check::bimi_gate, found.name, gate_fault(policy));
    examination.outcomes.not_asked(Check::bimi_logo, found.name);
  }
  return found;
}

}  // namespace sekisho::domain_check
