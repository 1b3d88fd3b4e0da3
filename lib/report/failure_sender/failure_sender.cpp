#include "report/failure_sender/failure_sender.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::failure_sender {

namespace {

// Returns the part of a file name that makes it unique: time and random digits. The rest identifies
// the owners, and would make a Message-ID longer than an address may be.
std::string unique_part_of(const std::string& name) {
  const std::size_t end = name.find_first_of(".-", name.find('-') + 1);
  return name.substr(0, end);
}

/// One run.
class Run {
 public:
  Run(const failure::Spool& spool, const FailureSenderOptions& options,
      const FailureSenderServices& services, std::chrono::sys_seconds now)
      : spool_(spool), options_(options), services_(services), now_(now) {}

  void send(const std::string& name) {
    auto spooled = spool_.read(name);
    if (!spooled) {
      services_.on_event(
          {.name = name, .status = FailureSendStatus::broken, .reason = spooled.error()});
      return;
    }
    name_ = name;
    spooled_ = *std::move(spooled);
    if (now_ - spooled_.report.made > options_.keep) {
      tell("", FailureSendStatus::expired, "older than reports are kept");
      remove();
      return;
    }
    try_recipients();
  }

  /// The smarthost accepts no mail: the other reports cannot be sent, either.
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  void tell(const std::string& to, FailureSendStatus status, std::string reason) {
    services_.on_event({name_, spooled_.report.policy_domain, to, status, std::move(reason)});
  }

  void remove() {
    if (services_.mailer.is_dry_run()) {
      return;
    }
    if (const auto removed = spool_.remove(name_); !removed) {
      tell("", FailureSendStatus::broken, removed.error());
    }
  }

  void try_recipients() {
    const auto domain = mail::Domain::parse(spooled_.report.policy_domain);
    if (!domain) {
      tell("", FailureSendStatus::broken, "no valid policy domain");
      return;
    }
    const recipients::Recipients recipients =
        services_.find_recipients(*domain, spooled_.report.uris);
    bool is_done = true;
    for (const recipients::IgnoredUri& ignored : recipients.ignored) {
      is_done = is_done && !ignored.temporary;
      tell(ignored.uri, ignored.temporary ? FailureSendStatus::waiting : FailureSendStatus::refused,
           ignored.reason);
    }
    for (const recipients::Destination& destination : recipients.destinations) {
      const std::size_t sent_before = spooled_.sent.size();
      is_done = send_to(destination) && is_done;
      const bool is_over = is_done && &destination == &recipients.destinations.back();
      if (spooled_.sent.size() > sent_before && !is_over) {
        keep();
      }
    }
    if (is_done) {
      remove();
    }
  }

  // After each recipient: if the run is interrupted, at most one of them gets the report twice.
  void keep() {
    if (const auto kept = spool_.replace(name_, spooled_); !kept) {
      tell("", FailureSendStatus::broken, kept.error());
    }
  }

  // Returns true if this recipient is settled.
  bool send_to(const recipients::Destination& destination) {
    const std::string& to = destination.address;
    if (std::ranges::find(spooled_.sent, to) != spooled_.sent.end()) {
      return true;
    }
    if (is_over_) {
      return false;
    }
    const std::string id = unique_part_of(name_) + "." + std::to_string(spooled_.sent.size() + 1);
    const auto mail = compose_failure_mail(spooled_.report, options_.author, to, id);
    if (!mail) {
      tell(to, FailureSendStatus::refused, mail.error());
      return true;
    }
    if (destination.max_octets && mail->size() > *destination.max_octets) {
      tell(to, FailureSendStatus::refused, "larger than the address takes");
      return true;
    }
    return services_.mailer.is_dry_run() ? announce(to) : mail_to(to, *mail);
  }

  bool announce(const std::string& to) {
    tell(to, FailureSendStatus::waiting, "would be sent");
    return true;
  }

  bool mail_to(const std::string& to, const std::string& mail) {
    const mailer::Delivery delivery = services_.mailer.send(options_.sender, to, mail);
    switch (delivery.status) {
      case mailer::DeliveryStatus::sent:
        spooled_.sent.push_back(to);
        tell(to, FailureSendStatus::sent, delivery.reply);
        return true;
      case mailer::DeliveryStatus::refused:
      case mailer::DeliveryStatus::rejected:
        spooled_.sent.push_back(to);  // settled: not to be tried again for another recipient
        tell(to, FailureSendStatus::refused, delivery.reply);
        return true;
      case mailer::DeliveryStatus::deferred:
        tell(to, FailureSendStatus::waiting, delivery.reply);
        return false;
      case mailer::DeliveryStatus::unreachable:
        is_over_ = true;
        tell(to, FailureSendStatus::waiting, delivery.reply);
        return false;
    }
    std::unreachable();
  }

  const failure::Spool& spool_;
  const FailureSenderOptions& options_;
  const FailureSenderServices& services_;
  std::chrono::sys_seconds now_;
  std::string name_;
  failure::SpooledReport spooled_;
  bool is_over_ = false;
};

}  // namespace

std::string_view format_failure_send_status(FailureSendStatus status) {
  switch (status) {
    case FailureSendStatus::sent:
      return "sent";
    case FailureSendStatus::refused:
      return "refused";
    case FailureSendStatus::waiting:
      return "waiting";
    case FailureSendStatus::expired:
      return "expired";
    case FailureSendStatus::broken:
      return "broken";
  }
  std::unreachable();
}

std::expected<void, std::string> send_failure_reports(const failure::Spool& spool,
                                                      const FailureSenderOptions& options,
                                                      const FailureSenderServices& services,
                                                      std::chrono::sys_seconds now) {
  const auto names = spool.list();
  if (!names) {
    return std::unexpected(names.error());
  }
  Run run(spool, options, services, now);
  for (const std::string& name : *names) {
    if (run.is_over()) {
      break;
    }
    run.send(name);
  }
  return {};
}

}  // namespace sekisho::report::failure_sender
