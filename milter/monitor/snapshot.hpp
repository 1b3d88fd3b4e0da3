// The daemon at one moment, as those who watch it are shown it.
#pragma once

#include "dns/stub_resolver.hpp"
#include "domain_check/finding_counts.hpp"
#include "keys/publication.hpp"
#include "milter/environment.hpp"
#include "milter/monitor/message_counters.hpp"
#include "milter/monitor/recent_events.hpp"
#include "preflight/sent_volume.hpp"
#include "report/recorder/recorder.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::milter {

struct Snapshot {
  std::chrono::sys_seconds now;
  std::string configuration;  ///< The path of its file.
  MessageCounters::Reading counters;
  RecentEvents::Reading recent_events;
  std::size_t under_way = 0;
  std::size_t most_under_way = 0;  ///< limits.messages
  std::optional<dns::Statistics> dns;
  std::map<keys::PublicationState, std::size_t> keys;
  report::recorder::RecorderStatistics feedback;
  std::vector<preflight::SentCount> sent;  ///< Within a day to large receivers, the most first.
  std::vector<domain_check::FindingCount> domain_findings;  ///< Of the domains that are watched.
};

[[nodiscard]] Snapshot take_snapshot(const Environment& environment,
                                     const std::string& configuration);

/// As Prometheus reads it. The names and their meaning are those of sekishod(8).
[[nodiscard]] std::string format_metrics(const Snapshot& snapshot);

/// As `sekisho status` reads it: one JSON object in UTF-8 with a line end.
[[nodiscard]] std::string format_status(const Snapshot& snapshot);

}  // namespace sekisho::milter
