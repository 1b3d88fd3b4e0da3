// What the daemon's threads work with.
#pragma once

#include "guarded.hpp"
#include "milter/monitor/log.hpp"
#include "milter/monitor/message_counters.hpp"
#include "milter/monitor/recent_events.hpp"
#include "milter/record/sent_record.hpp"
#include "milter/services.hpp"
#include "milter/session/message_limiter.hpp"
#include "report/failure/spool_writer.hpp"
#include "report/recorder/recorder.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::milter {

/// What all connections share. Outlives libmilter.
class Environment {
 public:
  Environment(std::shared_ptr<const Services> first, const Log& where)
      : services_(std::move(first)),
        log(where),
        recent_events(services()->now()),
        failures({.info = [this](std::string_view text) { log.info(text); },
                  .warning = [this](std::string_view text) { log.warning(text); }}),
        recorder({.info = [this](const std::string& text) { log.info(text); },
                  .warning = [this](const std::string& text) { log.warning(text); }},
                 [this](const std::vector<report::store::Tally>& tallies) {
                   services()->sent->volume().set_elsewhere(sent_counts(tallies));
                 }) {}

  /// Those of connections that begin now.
  [[nodiscard]] std::shared_ptr<const Services> services() const { return *services_.lock(); }
  /// Connections under way keep theirs.
  void replace_services(std::shared_ptr<const Services> services) {
    services_.lock()->swap(services);
  }

 private:
  // Outlives the recorder, whose thread asks for them.
  mutable Guarded<std::shared_ptr<const Services>> services_;

 public:
  Log log;
  MessageLimiter limiter;
  MessageCounters counters;
  RecentEvents recent_events;
  report::failure::SpoolWriter failures;
  report::recorder::Recorder recorder;
};

}  // namespace sekisho::milter
