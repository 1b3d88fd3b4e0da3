// Every option of Sekisho as one typed value. The rooms declare their own options and defaults;
// this puts them together.
#pragma once

#include "checkpoint/options.hpp"
#include "mail/domain.hpp"
#include "report/aggregate_sender/options.hpp"
#include "report/failure/options.hpp"
#include "report/recorder/options.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace sekisho::config {

enum class LogTarget { standard_error, syslog };
enum class LogFormat { text, json };

/// Section [metrics].
struct Metrics {
  std::string listen;         ///< As parse_address_and_port() reads it; empty: nowhere.
  bool allow_remote = false;  ///< `listen` need not be a loopback address.
};

/// Section [control].
struct Control {
  std::string socket;  ///< `unix:PATH`; empty: nowhere.
};

/// Section [domains].
struct Domains {
  std::vector<mail::Domain> watch;  ///< Checked by `sekisho domain check --watched`.
  std::string folder = "/var/lib/sekisho/domains";  ///< What was found in the last run.
};

/// Options of the daemon that no session needs.
struct DaemonOptions {
  /// `unix:PATH`, `inet:PORT@HOST`, `inet6:PORT@HOST`, `fd:N`; the daemon needs it.
  std::string socket;
  std::string socket_owner;  ///< Of a unix socket; empty: `user`, or who started the daemon.
  std::string socket_group;  ///< Empty: the folder's where it is set-group-ID, or the daemon's.
  std::string socket_mode = "0660";  ///< As parse_permissions() reads it.
  std::string user;  ///< Whom the daemon becomes when root started it; empty: stays.
  LogTarget log_target = LogTarget::standard_error;
  LogFormat log_format = LogFormat::text;
  std::chrono::milliseconds stop_timeout{30'000};  ///< For messages under way when told to stop.
  report::failure::FailureOptions failure;
  report::recorder::RecorderOptions feedback;
  report::aggregate_sender::SendOptions report;
  Metrics metrics;
  Control control;
  Domains domains;
};

/// Sessions take their part of it alone: checkpoint::Options.
struct Options : checkpoint::Options, DaemonOptions {};

}  // namespace sekisho::config
