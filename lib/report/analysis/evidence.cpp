#include "report/analysis/evidence.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::analysis {

namespace {

constexpr std::chrono::days recent_days{7};
// A fifth: an address of ours that passes now and then by chance, as forwarders do, is none.
constexpr std::uint64_t own_share = 5;

bool is_within(const std::string& name, const mail::Domain& domain) {
  const auto parsed = mail::Domain::parse(name);
  return parsed && parsed->is_within(domain);
}

// Whether somebody who may sign for the domain did. Alignment by names: the organizational domain
// is not known here.
bool is_of_family(const std::string& name, const mail::Domain& domain) {
  const auto parsed = mail::Domain::parse(name);
  return parsed && (parsed->is_within(domain) || domain.is_within(*parsed));
}

bool is_forwarded(const format::AggregateRecord& record) {
  return std::ranges::any_of(record.reasons, [](const format::OverrideReason& reason) {
    return reason.type == format::OverrideType::forwarded ||
           reason.type == format::OverrideType::mailing_list ||
           reason.type == format::OverrideType::trusted_forwarder;
  });
}

bool has_broken_signature(const format::AggregateRecord& record, const mail::Domain& domain) {
  return std::ranges::any_of(record.dkim, [&](const format::DkimAuthResult& dkim) {
    return dkim.result != format::AuthResult::pass && dkim.result != format::AuthResult::none &&
           is_of_family(dkim.domain, domain);
  });
}

// Whose identity passes, though it is not the author's; "" where none does.
std::string foreign_identity(const format::AggregateRecord& record) {
  const auto name_of = [](const std::string& text) {
    const auto parsed = mail::Domain::parse(text);
    return parsed ? parsed->text() : "";
  };
  for (const format::DkimAuthResult& dkim : record.dkim) {
    if (dkim.result == format::AuthResult::pass) {
      return name_of(dkim.domain);
    }
  }
  for (const format::SpfAuthResult& spf : record.spf) {
    if (spf.result == format::AuthResult::pass) {
      return name_of(spf.domain);
    }
  }
  return "";
}

std::chrono::sys_days day_of(const format::AggregateHeader& header) {
  using std::chrono::days;
  using std::chrono::floor;
  if (!header.metadata.period) {
    return {};
  }
  const format::Period& period = *header.metadata.period;
  return floor<days>(period.begin + (period.end - period.begin) / 2);
}

template <typename Map>
typename Map::key_type bounded(const Map& map, typename Map::key_type key,
                               typename Map::key_type others) {
  return map.contains(key) || map.size() < Summary::max_names ? std::move(key) : std::move(others);
}

}  // namespace

std::string_view format_sender_kind(SenderKind kind) {
  switch (kind) {
    case SenderKind::signs:
      return "signs";
    case SenderKind::spf_only:
      return "spf_only";
    case SenderKind::own:
      return "own";
    case SenderKind::changed:
      return "changed";
    case SenderKind::stranger:
      return "stranger";
    case SenderKind::nobody:
      return "nobody";
  }
  std::unreachable();
}

std::uint64_t DomainEvidence::messages_of(SenderKind kind) const {
  MessageCounts sum;
  for (const MailSource& sender : senders) {
    if (sender.kind == kind) {
      sum.add(sender.total);
    }
  }
  return sum.messages;
}

Evidence::Key Evidence::key_of(const format::AggregateRecord& record) const {
  const std::string address = record.source.text();
  if (record.dkim_aligned) {
    return {SenderKind::signs, address};
  }
  if (record.spf_aligned) {
    return {SenderKind::spf_only, address};
  }
  if (is_forwarded(record) || has_broken_signature(record, domain_)) {
    return {SenderKind::changed, address};
  }
  const std::string stranger = foreign_identity(record);
  return stranger.empty() ? Key{SenderKind::nobody, address} : Key{SenderKind::stranger, stranger};
}

void Evidence::add(const format::AggregateHeader& header, const format::AggregateRecord& record) {
  const std::string& from = record.header_from.empty() ? header.policy.domain : record.header_from;
  if (record.count == 0 || !is_within(from, domain_)) {
    return;
  }
  Key key = key_of(record);
  const SenderKind kind = key.first;
  Gathered& sender = senders_[bounded(senders_, std::move(key), Key{kind, Summary::others})];
  constexpr std::size_t max_days = 3'660;
  if (const auto day = day_of(header); sender.days.size() < max_days || sender.days.contains(day)) {
    sender.days[day].add(record);
  }
  if (record.dkim_aligned || record.spf_aligned) {
    const std::string address = bounded(passed_, record.source.text(), std::string());
    passed_[address] += std::min(record.count, format::max_record_count);
  }
  if (reporters_.size() < Summary::max_names) {
    reporters_.insert(format::reporter_of(header.metadata));
  }
}

// Which of those that pass nothing are ours after all, and which are said not to be.
std::map<Evidence::Key, Evidence::Gathered> Evidence::settled(
    const std::set<std::string>& not_ours) const {
  std::map<Key, Gathered> result;
  for (const auto& [key, gathered] : senders_) {
    auto [kind, name] = key;
    const bool fails = kind != SenderKind::signs && kind != SenderKind::spf_only;
    if (fails && not_ours.contains(name)) {
      kind = SenderKind::nobody;
    } else if (kind == SenderKind::nobody) {
      MessageCounts failed;
      for (const auto& [day, tally] : gathered.days) {
        failed.add(tally);
      }
      const auto passed = passed_.find(name);
      if (passed != passed_.end() && passed->second >= failed.messages / (own_share - 1)) {
        kind = SenderKind::own;
      }
    }
    for (const auto& [day, tally] : gathered.days) {
      result[{kind, name}].days[day].add(tally);
    }
  }
  return result;
}

DomainEvidence Evidence::conclude(const std::set<std::string>& not_ours) const {
  DomainEvidence evidence;
  evidence.domain = domain_.text();
  evidence.reporters = reporters_.size();
  const auto senders = settled(not_ours);
  for (const auto& [key, gathered] : senders) {
    for (const auto& [day, tally] : gathered.days) {
      evidence.days[day].add(tally);
      evidence.total.add(tally);
    }
  }
  for (const auto& [key, gathered] : senders) {
    MailSource sender{.kind = key.first, .name = key.second, .days = gathered.days.size()};
    for (const auto& [day, tally] : gathered.days) {
      sender.total.add(tally);
      if (day + recent_days > evidence.days.rbegin()->first) {
        sender.recent.add(tally);
      }
    }
    evidence.senders.push_back(std::move(sender));
  }
  std::ranges::stable_sort(evidence.senders, [](const MailSource& a, const MailSource& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.total.messages > b.total.messages;
  });
  return evidence;
}

}  // namespace sekisho::report::analysis
