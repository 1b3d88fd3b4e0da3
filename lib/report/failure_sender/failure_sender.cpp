#include "report/failure_sender/failure_sender.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::failure_sender {

namespace {

// What makes the name of a spooled report unique: its time and a random part. What follows tells
// the owners, and would make a Message-ID longer than an address may be.
std::string message_of(const std::string& name) {
  const std::size_t end = name.find_first_of(".-", name.find('-') + 1);
  return name.substr(0, end);
}

/// One run.
class Run {
 public:
  Run(const failure::Spool& spool, const FailureDeliverySettings& settings,
      const FailureDeliveryServices& services, std::chrono::sys_seconds now)
      : spool_(spool), settings_(settings), services_(services), now_(now) {}

  void deliver(const std::string& name) {
    auto spooled = spool_.read(name);
    if (!spooled) {
      services_.tell({.name = name, .fate = FailureFate::broken, .reason = spooled.error()});
      return;
    }
    name_ = name;
    spooled_ = *std::move(spooled);
    if (now_ - spooled_.report.made > settings_.keep) {
      tell("", FailureFate::expired, "older than reports are kept");
      remove();
      return;
    }
    try_addressees();
  }

  /// Nobody takes mail from us: further tries are of no use.
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  void tell(const std::string& to, FailureFate fate, std::string reason) {
    services_.tell({name_, spooled_.report.policy_domain, to, fate, std::move(reason)});
  }

  void remove() {
    if (services_.mailer == nullptr) {
      return;
    }
    if (const auto removed = spool_.remove(name_); !removed) {
      tell("", FailureFate::broken, removed.error());
    }
  }

  void try_addressees() {
    const auto domain = mail::Domain::parse(spooled_.report.policy_domain);
    if (!domain) {
      tell("", FailureFate::broken, "no valid policy domain");
      return;
    }
    const recipients::Recipients recipients =
        services_.find_recipients(*domain, spooled_.report.uris);
    bool is_done = true;
    for (const recipients::Ignored& ignored : recipients.ignored) {
      is_done = is_done && !ignored.temporary;
      tell(ignored.uri, ignored.temporary ? FailureFate::waiting : FailureFate::refused,
           ignored.reason);
    }
    for (const recipients::Destination& destination : recipients.destinations) {
      const std::size_t sent_before = spooled_.sent.size();
      is_done = send(destination) && is_done;
      const bool is_over = is_done && &destination == &recipients.destinations.back();
      if (spooled_.sent.size() > sent_before && !is_over) {
        keep();
      }
    }
    if (is_done) {
      remove();
    }
  }

  // At once: a run that is cut short has one addressee get the report twice, at most.
  void keep() {
    if (const auto kept = spool_.replace(name_, spooled_); !kept) {
      tell("", FailureFate::broken, kept.error());
    }
  }

  // Whether this addressee is done with.
  bool send(const recipients::Destination& destination) {
    const std::string& to = destination.address;
    if (std::ranges::find(spooled_.sent, to) != spooled_.sent.end()) {
      return true;
    }
    if (is_over_) {
      return false;
    }
    const std::string id = message_of(name_) + "." + std::to_string(spooled_.sent.size() + 1);
    const auto mail = compose_failure_mail(spooled_.report, settings_.author, to, id);
    if (!mail) {
      tell(to, FailureFate::refused, mail.error());
      return true;
    }
    if (destination.max_octets && mail->size() > *destination.max_octets) {
      tell(to, FailureFate::refused, "larger than the address takes");
      return true;
    }
    return services_.mailer == nullptr ? pretend(to) : hand_over(to, *mail);
  }

  bool pretend(const std::string& to) {
    tell(to, FailureFate::waiting, "would be sent");
    return true;
  }

  bool hand_over(const std::string& to, const std::string& mail) {
    const mailer::Delivery delivery = services_.mailer->deliver(settings_.sender, to, mail);
    switch (delivery.status) {
      case mailer::DeliveryStatus::sent:
        spooled_.sent.push_back(to);
        tell(to, FailureFate::sent, delivery.reply);
        return true;
      case mailer::DeliveryStatus::refused:
      case mailer::DeliveryStatus::rejected:
        spooled_.sent.push_back(to);  // done with, and not to be tried for another's sake
        tell(to, FailureFate::refused, delivery.reply);
        return true;
      case mailer::DeliveryStatus::deferred:
        tell(to, FailureFate::waiting, delivery.reply);
        return false;
      case mailer::DeliveryStatus::unreachable:
        is_over_ = true;
        tell(to, FailureFate::waiting, delivery.reply);
        return false;
    }
    std::unreachable();
  }

  const failure::Spool& spool_;
  const FailureDeliverySettings& settings_;
  const FailureDeliveryServices& services_;
  std::chrono::sys_seconds now_;
  std::string name_;
  failure::SpooledReport spooled_;
  bool is_over_ = false;
};

}  // namespace

std::string_view format_failure_fate(FailureFate fate) {
  switch (fate) {
    case FailureFate::sent:
      return "sent";
    case FailureFate::refused:
      return "refused";
    case FailureFate::waiting:
      return "waiting";
    case FailureFate::expired:
      return "expired";
    case FailureFate::broken:
      return "broken";
  }
  std::unreachable();
}

std::expected<void, std::string> deliver_failures(const failure::Spool& spool,
                                                  const FailureDeliverySettings& settings,
                                                  const FailureDeliveryServices& services,
                                                  std::chrono::sys_seconds now) {
  const auto names = spool.list();
  if (!names) {
    return std::unexpected(names.error());
  }
  Run run(spool, settings, services, now);
  for (const std::string& name : *names) {
    if (run.is_over()) {
      break;
    }
    run.deliver(name);
  }
  return {};
}

}  // namespace sekisho::report::failure_sender
