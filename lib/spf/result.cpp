#include "spf/result.hpp"

#include <utility>

namespace sekisho::spf {

std::string_view format_result_code(ResultCode code) {
  switch (code) {
    case ResultCode::none:
      return "none";
    case ResultCode::neutral:
      return "neutral";
    case ResultCode::pass:
      return "pass";
    case ResultCode::fail:
      return "fail";
    case ResultCode::softfail:
      return "softfail";
    case ResultCode::temperror:
      return "temperror";
    case ResultCode::permerror:
      return "permerror";
  }
  std::unreachable();
}

ResultCode result_of(Fault fault) {
  switch (fault) {
    case Fault::none:
      return ResultCode::neutral;
    case Fault::invalid_domain:
    case Fault::single_label:
    case Fault::local_part_too_long:
    case Fault::no_record:
    case Fault::no_such_name:
      return ResultCode::none;
    case Fault::lookup_failed:
      return ResultCode::temperror;
    case Fault::several_records:
    case Fault::malformed_record:
    case Fault::too_many_lookups:
    case Fault::too_many_void_lookups:
    case Fault::too_many_mail_hosts:
    case Fault::invalid_target:
    case Fault::library_error:
      return ResultCode::permerror;
  }
  std::unreachable();
}

std::string describe_fault(Fault fault, std::string_view subject, std::string_view detail) {
  const std::string text(subject);
  switch (fault) {
    case Fault::none:
      return "";
    case Fault::invalid_domain:
      return text + " is not a valid domain name";
    case Fault::single_label:
      return text + " has only one label";
    case Fault::local_part_too_long:
      return "the local part of MAIL FROM is too long";
    case Fault::no_record:
      return text + ": no SPF record";
    case Fault::no_such_name:
      return text + ": no such name";
    case Fault::several_records:
      return text + ": more than one SPF record";
    case Fault::malformed_record:
    case Fault::lookup_failed:
    case Fault::library_error:
      return text + ": " + std::string(detail);
    case Fault::too_many_lookups:
      return "more than 10 terms with DNS look-ups";
    case Fault::too_many_void_lookups:
      return "more than " + text + " terms whose DNS look-ups found nothing";
    case Fault::too_many_mail_hosts:
      return text + ": more than 10 MX records";
    case Fault::invalid_target:
      return text + ": no valid domain name";
  }
  std::unreachable();
}

}  // namespace sekisho::spf
