#include "report/aggregate_sender/report_names.hpp"

#include "crypto/digest.hpp"
#include "crypto/hexadecimal.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace sekisho::report::aggregate_sender {

namespace {

std::string seconds_of(std::chrono::sys_seconds time) {
  return std::to_string(time.time_since_epoch().count());
}

// RFC 9990 §3.1.4: the identifiers are identical wherever they are used, so the Report-ID is what
// can stand in a file name, too. RFC 7489 §7.2.1.1 wants a msg-id in the Subject.
std::string report_id_of(const std::string& unique_id, const mail::Domain& submitter,
                         format::Form form) {
  switch (form) {
    case format::Form::rfc9990:
      return unique_id;
    case format::Form::rfc7489:
      return unique_id + '@' + submitter.text();
  }
  std::unreachable();
}

}  // namespace

std::string unique_id(const mail::Domain& submitter, const std::string& policy_domain,
                      const format::Period& period) {
  constexpr std::size_t octets = 16;
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  digest.update(submitter.text() + '\n' + policy_domain + '\n' + seconds_of(period.begin) + '\n' +
                seconds_of(period.end));
  const crypto::Bytes hash = digest.finish();
  return crypto::encode_hexadecimal(std::span(hash).first(octets));
}

format::Period stated_period(const format::Period& period) {
  return {.begin = period.begin, .end = period.end - std::chrono::seconds{1}};
}

ReportNames names_of(const std::string& unique_id, const mail::Domain& submitter,
                     const std::string& policy_domain, const format::Period& period,
                     format::Form form) {
  const format::Period stated = stated_period(period);
  ReportNames names;
  names.report_id = report_id_of(unique_id, submitter, form);
  names.subject = "Report Domain: " + policy_domain + " Submitter: " + submitter.text() +
                  " Report-ID: <" + names.report_id + '>';
  names.file_name = submitter.text() + '!' + policy_domain + '!' + seconds_of(stated.begin) + '!' +
                    seconds_of(stated.end) + '!' + unique_id + ".xml.gz";
  names.message_id = unique_id + '@' + submitter.text();
  return names;
}

}  // namespace sekisho::report::aggregate_sender
