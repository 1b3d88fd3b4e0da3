#include "dmarc/result.hpp"

#include <utility>

namespace sekisho::dmarc {

std::string_view format_result_code(ResultCode code) {
  switch (code) {
    case ResultCode::none:
      return "none";
    case ResultCode::pass:
      return "pass";
    case ResultCode::fail:
      return "fail";
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
      return ResultCode::pass;
    case Fault::no_author_domain:
    case Fault::no_record:
    case Fault::unusable_record:
      return ResultCode::none;
    case Fault::invalid_author:
      return ResultCode::permerror;
    case Fault::lookup_failed:
    case Fault::undecided:
    case Fault::unknown_existence:
    case Fault::check_failed:
      return ResultCode::temperror;
    case Fault::not_aligned:
      return ResultCode::fail;
  }
  std::unreachable();
}

std::string describe_fault(Fault fault, std::string_view detail) {
  const std::string text(detail);
  switch (fault) {
    case Fault::none:
      return "";
    case Fault::no_author_domain:
    case Fault::invalid_author:
    case Fault::lookup_failed:
      return text;
    case Fault::no_record:
      return "no DMARC record applies to " + text;
    case Fault::unusable_record:
      return "the DMARC record of " + text + " has no valid policy and no valid rua address";
    case Fault::undecided:
      return "cannot be decided: " + text;
    case Fault::unknown_existence:
      return "no answer tells whether the author domain exists, and so which policy applies";
    case Fault::not_aligned:
      return "no aligned identifier passed: " + text;
    case Fault::check_failed:
      return "a check of ours broke off";
  }
  std::unreachable();
}

void set_fault(Fault fault, std::string_view detail, Result& result) {
  result.fault = fault;
  result.code = result_of(fault);
  result.reason = describe_fault(fault, detail);
}

std::string_view format_policy_source(PolicySource source) {
  switch (source) {
    case PolicySource::p:
      return "p";
    case PolicySource::sp:
      return "sp";
    case PolicySource::np:
      return "np";
  }
  std::unreachable();
}

}  // namespace sekisho::dmarc
