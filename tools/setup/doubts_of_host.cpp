#include "tools/setup/doubts_of_host.hpp"

#include "tools/setup/other_milters.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::tools::setup {

namespace {

std::string takes_over(const OtherMilter& other, const std::string& unit, const std::string& does) {
  const std::string name(format_other_program(other.program));
  if (other.name.empty()) {
    return name +
           " is not disabled, and Postfix does not ask it; if nothing else needs it: systemctl "
           "disable --now " +
           unit;
  }
  return name + " at " + other.name + " " + does +
         ", too; it stays. To replace it, see \"sekisho migrate\"; then remove " + other.name +
         " from smtpd_milters and non_smtpd_milters, and run: systemctl disable --now " + unit;
}

Step doubt_about(const OtherMilter& other) {
  switch (other.program) {
    case OtherProgram::opendkim:
      return {Topic::other_milters,
              StepState::conflict,
              takes_over(other, "opendkim", "signs and verifies mail"),
              {}};
    case OtherProgram::opendmarc:
      return {Topic::other_milters,
              StepState::conflict,
              takes_over(other, "opendmarc", "checks DMARC"),
              {}};
    case OtherProgram::openarc:
      return {Topic::other_milters,
              StepState::conflict,
              takes_over(other, "openarc", "seals mail"),
              {}};
    case OtherProgram::rspamd:
      return {Topic::other_milters,
              StepState::conflict,
              "Rspamd at " + other.name +
                  " stays, behind Sekisho. If its module dkim_signing signs for your domains, mail "
                  "gets the signatures of both: set \"enabled = false;\" in "
                  "/etc/rspamd/local.d/dkim_signing.conf",
              {}};
    case OtherProgram::unknown:
      return {Topic::other_milters,
              StepState::done,
              "the milter at " + other.name + " stays, behind Sekisho",
              {}};
  }
  std::unreachable();
}

Step step_of(const Record& record) {
  const std::string what(format_record_kind(record.kind));
  switch (record.state) {
    case RecordState::published:
      return {Topic::dns, StepState::done, what + " at " + record.name, {}};
    case RecordState::missing:
      return {Topic::dns, StepState::missing, "publish " + what + " at " + record.name, {}};
    case RecordState::differs:
      return {
          Topic::dns, StepState::conflict, what + " at " + record.name + ": " + record.remark, {}};
    case RecordState::unknown:
      return {Topic::dns,
              StepState::missing,
              "the DNS does not answer for " + what + " at " + record.name +
                  ": publish it if it is not there",
              {}};
  }
  std::unreachable();
}

Step doubt_about(const AddressFacts& address, const std::string& host_name) {
  const std::string text = address.address.text();
  switch (address.name.code) {
    case iprev::ResultCode::pass:
      if (address.name.name == host_name) {
        return {Topic::host_name, StepState::done, text + " is " + host_name + ", both ways", {}};
      }
      return {Topic::host_name,
              StepState::conflict,
              text + " is " + address.name.name + ", and the mail server calls itself " +
                  host_name + ": make them one (PTR record, or myhostname)",
              {}};
    case iprev::ResultCode::temperror:
      return {Topic::host_name,
              StepState::missing,
              "the DNS does not answer for the name of " + text + ": " + address.name.reason,
              {}};
    case iprev::ResultCode::fail:
    case iprev::ResultCode::permerror:
      return {Topic::host_name,
              StepState::conflict,
              text + " has no name that leads back to it (" + address.name.reason +
                  "): ask the network's owner for the PTR record " + host_name +
                  ". Large receivers refuse mail without one",
              {}};
  }
  std::unreachable();
}

}  // namespace

std::vector<Step> doubts_about_others(const Facts& facts) {
  std::vector<Step> steps;
  for (const OtherMilter& other : facts.others) {
    steps.push_back(doubt_about(other));
  }
  return steps;
}

std::vector<Step> steps_of_records(const PlannedRecords& records) {
  std::vector<Step> steps;
  for (const Record& record : records.records) {
    steps.push_back(step_of(record));
  }
  return steps;
}

std::vector<Step> doubts_about_names(const Facts& facts) {
  std::vector<Step> steps;
  for (const AddressFacts& address : facts.addresses) {
    if (address.is_public) {
      steps.push_back(doubt_about(address, facts.host_name));
    }
  }
  if (steps.empty()) {
    steps.push_back({Topic::host_name,
                     StepState::missing,
                     "this host has no public address: give the one that others see with "
                     "--address, so that its name is checked",
                     {}});
  }
  return steps;
}

Step doubt_resolver_of(const Facts& facts) {
  switch (facts.resolver.validation) {
    case Validation::validates:
      return {Topic::resolver, StepState::done, "the resolver validates (DNSSEC)", {}};
    case Validation::does_not_validate:
      return {Topic::resolver,
              StepState::missing,
              "the resolver does not validate (DNSSEC): a local Unbound does, and answers faster",
              {}};
    case Validation::no_answer:
      return {Topic::resolver,
              StepState::conflict,
              "the resolver does not answer: without it nothing can be checked",
              {}};
  }
  std::unreachable();
}

}  // namespace sekisho::tools::setup
