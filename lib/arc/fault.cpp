#include "arc/fault.hpp"

#include <utility>

namespace sekisho::arc {

std::string describe_fault(Fault fault, const FaultDetail& detail) {
  const std::string number = std::to_string(detail.number);
  const std::string text(detail.text);
  switch (fault) {
    case Fault::none:
      return "";
    case Fault::invalid_instance:
      return text + " without a valid instance";
    case Fault::too_many_sets:
      return "more than " + number + " sets";
    case Fault::duplicate_field:
      return "set " + number + " has more than one " + text;
    case Fault::missing_field:
      return "set " + number + " has no " + text;
    case Fault::marked_failed:
      return "seal of set " + number + ": says cv=fail";
    case Fault::wrong_chain_status:
      return "seal of set " + number + ": cv= is not " + text;
    case Fault::message_signature:
      return "message signature of set " + number + ": " + text;
    case Fault::seal:
      return "seal of set " + number + ": " + text;
    case Fault::failed_on_arrival:
      return "the chain did not pass on arrival";
  }
  std::unreachable();
}

Failure failure_of(Fault fault, const FaultDetail& detail) {
  return {fault, dkim::Fault::none, describe_fault(fault, detail)};
}

Failure failure_of(Fault fault, std::size_t instance, const dkim::Failure& signature) {
  return {fault, signature.fault, describe_fault(fault, {instance, signature.reason})};
}

}  // namespace sekisho::arc
