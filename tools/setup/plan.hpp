// What setup would do on a host: a pure function of the facts and of what the postmaster wants.
#pragma once

#include "tools/setup/changes.hpp"
#include "tools/setup/facts.hpp"
#include "tools/setup/records.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools::setup {

/// What the facts do not tell.
struct Choices {
  RecordChoices records;
  std::string authserv_id;  ///< Empty: the name of the mail server.
  bool enforce = false;     ///< Refuse mail at once, without policy.dry_run for the first days.
  bool submission = false;  ///< Offer submission (RFC 6409) if no service does.
};

enum class Topic : std::uint8_t {
  configuration,
  keys,
  daemon,
  mail_server,
  submission,
  other_milters,
  dns,
  resolver,
  host_name,
};
[[nodiscard]] std::string_view format_topic(Topic topic);

enum class StepState : std::uint8_t {
  done,
  missing,   ///< Setup does it by `changes`; without any, the postmaster has to.
  conflict,  ///< The postmaster has to decide.
};

struct Step {
  Topic topic = Topic::configuration;
  StepState state = StepState::done;
  std::string text;  ///< What there is or what is to be done.
  std::vector<Change> changes;
};

struct PlannedRecords {
  std::string domain;
  std::vector<Record> records;
};

struct Plan {
  std::vector<Step> steps;  ///< In the order in which they are done.
  std::vector<PlannedRecords> records;
};

[[nodiscard]] Plan make_plan(const Facts& facts, const Choices& choices);

/// Returns "done", "to do" (by setup), "by hand" or "conflict".
[[nodiscard]] std::string_view format_step_state(const Step& step);

}  // namespace sekisho::tools::setup
