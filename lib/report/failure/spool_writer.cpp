#include "report/failure/spool_writer.hpp"

#include "report/failure/failure_report.hpp"
#include "report/failure/owners.hpp"
#include "report/failure/rate_limit.hpp"
#include "report/failure/spool.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <expected>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace sekisho::report::failure {

namespace {

constexpr std::chrono::minutes summary_interval{1};

/// Reports that were not written, since it was last said.
struct Losses {
  std::size_t over_rate = 0;
  std::size_t queue_full = 0;
  std::size_t spool_full = 0;
  std::size_t share_used = 0;
  std::size_t failed = 0;
  std::string error;  ///< The last one.

  [[nodiscard]] bool any() const {
    return over_rate + queue_full + spool_full + share_used + failed > 0;
  }
};

std::string describe(const Losses& losses) {
  std::string text = "failure reports not written:";
  const auto add = [&](std::size_t count, const char* why) {
    if (count > 0) {
      text.append(" ").append(std::to_string(count)).append(why);
    }
  };
  add(losses.over_rate, " over the rate");
  add(losses.queue_full, " since too many were waiting");
  add(losses.spool_full, " since the spool is full");
  add(losses.share_used, " since their owner's share of the spool is used up");
  add(losses.failed, " for an error: ");
  return text.append(losses.error);
}

void trim(mail::HeaderSection& header) {
  std::size_t octets = 0;
  for (auto field = header.begin(); field != header.end(); ++field) {
    octets += field->name.size() + field->value.size();
    if (octets > max_reported_header_octets) {
      header.erase(std::next(field), header.end());  // the one that is too much says so
      field->value.resize(std::min(field->value.size(), max_reported_header_octets));
      return;
    }
  }
}

}  // namespace

class SpoolWriter::Worker {
 public:
  explicit Worker(FailureLog log) : log_(std::move(log)) {}

  void put(FailureJob job) {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= max_waiting) {
      losses_.queue_full += job.wanted.size();
      return;
    }
    queue_.push_back(std::move(job));
    if (!thread_.joinable()) {
      thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    changed_.notify_all();
  }

  bool finish(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    const bool done = changed_.wait_for(lock, time, [this] { return queue_.empty() && !busy_; });
    tell_losses(lock);
    return done;
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      changed_.wait_for(lock, stop, summary_interval, [this] { return !queue_.empty(); });
      if (!queue_.empty()) {
        const FailureJob job = std::move(queue_.front());
        queue_.pop_front();
        busy_ = true;
        lock.unlock();
        work(job);
        lock.lock();
        busy_ = false;
        changed_.notify_all();
      }
      const auto now = std::chrono::steady_clock::now();
      if (losses_.any() && now - last_summary_ >= summary_interval) {
        last_summary_ = now;
        tell_losses(lock);
      }
    }
  }

  void tell_losses(std::unique_lock<std::mutex>& lock) {
    const Losses losses = std::exchange(losses_, {});
    if (losses.any()) {
      lock.unlock();
      log_.warning(describe(losses));
      lock.lock();
    }
  }

  template <typename Change>
  void lose(const Change& change) {
    const std::scoped_lock lock(mutex_);
    change(losses_);
  }

  void work(const FailureJob& job) {
    for (const SelectedReport& wanted : job.wanted) {
      try {
        write(job, wanted);
      } catch (const std::exception& error) {
        fail(error.what());
      }
    }
  }

  void fail(const std::string& error) {
    lose([&](Losses& losses) {
      ++losses.failed;
      losses.error = error;
    });
  }

  void write(const FailureJob& job, const SelectedReport& wanted) {
    const dmarc::Result& dmarc = *job.message.findings.dmarc;
    const auto owners = owners_of(*dmarc.record_domain, dmarc.record->failure_uris, suffixes_);
    if (!rates_.admit(owners, job.message.arrival, {job.options.per_hour, job.options.per_day})) {
      lose([](Losses& losses) { ++losses.over_rate; });
      return;
    }
    Spool spool(job.options.spool);
    const auto redactor = open_redactor(job.options, spool);
    if (!redactor) {
      fail(redactor.error());
      return;
    }
    const FailureReport report =
        compose_failure_report(job.message, wanted,
                               {.authserv_id = job.authserv_id,
                                .version = SEKISHO_VERSION,
                                .redactor = redactor->has_value() ? &**redactor : nullptr});
    store(report, owners, job, spool);
  }

  [[nodiscard]] static std::expected<std::optional<Redactor>, std::string> open_redactor(
      const FailureOptions& options, Spool& spool) {
    if (!options.redact) {
      return std::nullopt;
    }
    auto key = spool.redaction_key();
    if (!key) {
      return std::unexpected(std::move(key).error());
    }
    return Redactor(*std::move(key));
  }

  void store(const FailureReport& report, const std::vector<std::string>& owners,
             const FailureJob& job, Spool& spool) {
    const auto stored = spool.store(report, owners, job.options.max_spooled);
    if (!stored) {
      fail(stored.error());
      return;
    }
    switch (*stored) {
      case Spool::Stored::full:
        lose([](Losses& losses) { ++losses.spool_full; });
        return;
      case Spool::Stored::over_share:
        lose([](Losses& losses) { ++losses.share_used; });
        return;
      case Spool::Stored::yes:
        log_.info(std::string("failure report (").append(format_failure_kind(report.kind)) +
                  ") waits for the owner of " + report.policy_domain);
        return;
    }
  }

  FailureLog log_;
  dmarc::PublicSuffixes suffixes_;  // the thread's own, as is the next
  RateLimit rates_;
  std::chrono::steady_clock::time_point last_summary_ =
      std::chrono::steady_clock::now();  // the thread's own
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<FailureJob> queue_;
  bool busy_ = false;
  Losses losses_;
  std::jthread thread_;  // the last: it ends before the rest goes
};

SpoolWriter::SpoolWriter(FailureLog log) : worker_(std::make_unique<Worker>(std::move(log))) {}

SpoolWriter::~SpoolWriter() = default;

void SpoolWriter::put(FailureJob job) {
  trim(job.message.header);
  worker_->put(std::move(job));
}

bool SpoolWriter::finish(std::chrono::milliseconds time) {
  return worker_->finish(time);
}

}  // namespace sekisho::report::failure
