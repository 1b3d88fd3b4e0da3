#include "milter/process/daemon.hpp"

#include "milter/monitor/snapshot.hpp"
#include "milter/process/maintenance.hpp"
#include "milter/process/readiness.hpp"
#include "milter/process/watchers.hpp"
#include "milter/session/callbacks.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libmilter/mfapi.h>

namespace sekisho::milter {

namespace {

using std::chrono::milliseconds;

constexpr int reload_signal = SIGUSR1;

sigset_t own_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, reload_signal}) {
    sigaddset(&signals, signal);
  }
  return signals;
}

/// Waits for a signal to stop; false when none came in time.
bool wait_for_stop(milliseconds time) {
  const sigset_t signals = own_signals();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  timespec timeout{};
  timeout.tv_sec = seconds.count();
  timeout.tv_nsec = std::chrono::nanoseconds(time - seconds).count();
  const int signal = sigtimedwait(&signals, nullptr, &timeout);
  return signal > 0 && signal != reload_signal;
}

/// Who waits for an answer; none if it was kill(1), which does not.
std::optional<pid_t> requester_of(const siginfo_t& information) {
  return information.si_code == SI_QUEUE ? std::optional(information.si_pid) : std::nullopt;
}

/// Waits for a signal to stop.
void wait_for_stop(Maintenance& housekeeping) {
  const sigset_t signals = own_signals();
  int signal = 0;
  do {
    siginfo_t information{};
    signal = sigwaitinfo(&signals, &information);  // negative: another signal's handler ran
    if (signal == reload_signal) {
      housekeeping.request_reload(requester_of(information));
    }
  } while (signal < 0 || signal == reload_signal);
}

/// How libmilter fares. It is stopped by a signal alone; whatever else ends it is a failure to it.
enum class Library : std::uint8_t { waits, runs, stopped, failed };

/// Runs libmilter in a thread of its own. Should it end, `library` tells how, and this thread gets
/// a signal.
void start_library(const std::shared_ptr<std::atomic<Library>>& library) {
  *library = Library::runs;
  std::thread([library, starter = pthread_self()] {
    *library = smfi_main() == MI_SUCCESS ? Library::stopped : Library::failed;
    pthread_kill(starter, SIGTERM);
  }).detach();
}

/// Tells systemd that the daemon lives, where it wants to know: that it can still take what every
/// message takes. Not a matter for the main thread, which has to wait for signals at all times.
void start_heartbeat(const Environment& environment) {
  const auto interval = heartbeat_interval();
  if (!interval) {
    return;
  }
  std::thread([&environment, interval] {
    while (true) {
      static_cast<void>(environment.services());
      static_cast<void>(environment.limiter.under_way());
      tell_alive();
      std::this_thread::sleep_for(*interval);
    }
  }).detach();
}

/// Why no new mail is taken now; empty: it is taken.
std::string why_unready(const Environment& environment, const std::atomic<Library>& library) {
  if (library != Library::runs) {
    return "starting or stopped";
  }
  if (environment.limiter.is_closed()) {
    return "stopping";
  }
  const std::size_t most = environment.services()->options.limits.messages;
  return environment.limiter.under_way() < most ? "" : "limits.messages are under way";
}

Watchers::Pages pages_of(const Environment& environment, const std::string& configuration,
                         const std::shared_ptr<const std::atomic<Library>>& library) {
  return {.metrics = {.metrics =
                          [&environment, configuration] {
                            return format_metrics(take_snapshot(environment, configuration));
                          },
                      .why_unready = [&environment,
                                      library] { return why_unready(environment, *library); }},
          .status = [&environment, configuration] {
            return format_status(take_snapshot(environment, configuration));
          }};
}

void let_messages_end(Environment& environment) {
  constexpr milliseconds step{20};
  const auto deadline =
      std::chrono::steady_clock::now() + environment.services()->daemon.stop_timeout;
  while (environment.limiter.under_way() > 0 && std::chrono::steady_clock::now() < deadline) {
    if (wait_for_stop(step)) {
      environment.log.warning("told to stop again: not waiting any longer");
      return;
    }
  }
  // libmilter writes an answer after the callback has returned, and tells nobody when it has.
  constexpr milliseconds last_answer{200};
  std::this_thread::sleep_for(last_answer);
}

void stop(Environment& environment, Listeners& listeners, Watchers& watchers) {
  tell_stopping(environment.services()->daemon.stop_timeout);
  environment.limiter.close();
  listeners.remove_paths();
  watchers.remove_paths();
  environment.log.info("stopping: " + std::to_string(environment.limiter.under_way()) +
                       " messages under way");
  let_messages_end(environment);
  constexpr milliseconds for_reports{2'000};
  if (!environment.failures.finish(for_reports)) {
    environment.log.warning("some failure reports were not written");
  }
  if (const std::size_t left = environment.limiter.under_way(); left > 0) {
    environment.log.warning(std::to_string(left) + " messages were not finished");
  }
  environment.recorder.stop();
  environment.log.info("stopped");
}

}  // namespace

void block_signals() {
  const sigset_t signals = own_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // a reader of the log that is gone
}

// libmilter gives up after two minutes without a descriptor for a connection.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
  }
}

// libmilter has a thread that waits for the same signals, and its stop is no clean one: it closes
// the connections under way, and frees what a callback may still be using. So it is not to see
// them. A signal that is sent to a process goes to its main thread where that one takes it (Linux,
// signal(7) leaves the choice to the kernel): libmilter runs in another, and the main thread waits,
// without a pause in which the kernel would have to look for somebody else. A signal that comes in
// one all the same, just before the waiting or behind another signal, stops libmilter: then it is
// still a stop, if no clean one, and no failure.
// For the same reason smfi_stop() is never called; the process leaves while libmilter still runs.
int serve(Environment& environment, Listeners& listeners, const std::string& configuration) {
  std::string connection = "fd:" + std::to_string(listeners.mail.descriptor());
  if (smfi_setconn(connection.data()) != MI_SUCCESS || !register_callbacks(environment) ||
      smfi_opensocket(false) != MI_SUCCESS) {
    environment.log.error("libmilter cannot be started; syslog has its reason");
    return EXIT_FAILURE;
  }
  environment.recorder.set_options(environment.services()->daemon.feedback);
  const auto library = std::make_shared<std::atomic<Library>>(Library::waits);
  const auto watchers =
      std::make_shared<Watchers>(environment, pages_of(environment, configuration, library));
  if (const auto started = watchers->start(listeners, environment.services()->daemon); !started) {
    environment.log.error(started.error());
    return EXIT_FAILURE;
  }
  start_library(library);
  Maintenance housekeeping(environment, configuration, watchers);
  start_heartbeat(environment);
  environment.log.info("ready: listening at " + listeners.mail.name());
  tell_ready("listening at " + listeners.mail.name());
  wait_for_stop(housekeeping);
  if (*library == Library::failed) {
    environment.log.error("libmilter has ended; syslog has its reason");
    return EXIT_FAILURE;
  }
  stop(environment, listeners, *watchers);
  return EXIT_SUCCESS;
}

}  // namespace sekisho::milter
