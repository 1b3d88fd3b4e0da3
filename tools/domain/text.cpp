#include "tools/domain/report.hpp"

#include <algorithm>
#include <ranges>
#include <set>
#include <string_view>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

using namespace domain_check;

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::error:
      return "\033[31m";
    case Level::warning:
      return "\033[33m";
    case Level::advice:
      return "\033[36m";
  }
  std::unreachable();
}

std::string_view colour_of(ForgeryOutcome outcome) {
  switch (outcome) {
    case ForgeryOutcome::delivered:
      return "\033[31m";
    case ForgeryOutcome::quarantined:
    case ForgeryOutcome::unknown:
      return "\033[33m";
    case ForgeryOutcome::refused:
      return "\033[32m";
  }
  std::unreachable();
}

// 17,039,616
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3;) {
    end -= 3;
    digits.insert(end, 1, ',');
  }
  return digits;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

class Page {
 public:
  Page(const DomainRun& run, const Selection& selection, bool colour)
      : report_(run.report),
        effect_(run.effect),
        selected_(select(run.report, selection)),
        all_(selection.all),
        colour_(colour) {}

  std::string text() && {
    title();
    forger();
    effect();
    for (const Finding& finding : selected_.findings) {
      add(finding);
    }
    unknowns();
    goods();
    return std::move(text_);
  }

 private:
  void title() {
    const auto count = [&](Level level) {
      return static_cast<std::size_t>(
          std::ranges::count(selected_.findings, level, &Finding::level));
    };
    const auto unanswered = static_cast<std::size_t>(std::ranges::count_if(
        selected_.unknowns, [](const Unknown& unknown) { return !unknown.tried.empty(); }));
    text_ += fmt::format("{:<48}  {}, {}", report_.domain.text(),
                         counted(count(Level::error), "error", "errors"),
                         counted(count(Level::warning), "warning", "warnings"));
    text_ += fmt::format(", {} unknown\n", unanswered);
  }

  void forger() {
    if (report_.forger.empty()) {
      return;
    }
    text_ += fmt::format("\nwho can write as {}\n", report_.domain.text());
    std::size_t width = 0;
    for (const ForgerRow& row : report_.forger) {
      width = std::max(width, label(row).size());
    }
    for (const ForgerRow& row : report_.forger) {
      line(label(row), width, row.rfc9989, why_of(row));
      const bool differs = row.rfc7489.outcome != row.rfc9989.outcome;
      if (differs) {
        line("  receivers of RFC 7489", width, row.rfc7489, row.rfc7489.why);
      }
    }
    text_ += '\n';
  }

  // What --with would do to the messages of the stored reports.
  void effect() {
    if (!effect_) {
      return;
    }
    text_ += fmt::format("of {} of the last {} days\n", messages(effect_->messages),
                         effect_->window.count());
    for (const ChangedMail& changed : effect_->changes) {
      constexpr std::size_t shown_sources = 5;
      text_ += fmt::format("  {:>12}  {}\n", grouped(changed.messages),
                           describe_mail_change(changed.change));
      for (const auto& [source, count] : changed.sources | std::views::take(shown_sources)) {
        text_ += fmt::format("  {:>12}    {} from {}\n", "", grouped(count), source.text());
      }
      if (changed.sources.size() > shown_sources) {
        text_ += fmt::format("  {:>12}    and {} more addresses\n", "",
                             changed.sources.size() - shown_sources);
      }
    }
    if (effect_->changes.empty()) {
      text_ += "                nothing would change\n";
    }
    if (effect_->unknown > 0) {
      text_ += fmt::format("  {:>12}  unknown\n", grouped(effect_->unknown));
    }
    text_ += '\n';
  }

  static std::string messages(std::uint64_t count) {
    return grouped(count) + (count == 1 ? " message" : " messages");
  }

  static std::string label(const ForgerRow& row) {
    return fmt::format("{}, @{}",
                       row.way == ForgersWay::spf ? "an address of its SPF record" : "anybody else",
                       row.name);
  }

  std::string why_of(const ForgerRow& row) const {
    if (row.way == ForgersWay::any || row.author != ForgedAuthor::domain || !report_.spf) {
      return row.rfc9989.why;
    }
    const AddressSet& passing = report_.spf->root().passing;
    std::string why = row.rfc9989.why + ": " + grouped(passing.ipv4_addresses()) +
                      (passing.ipv4_addresses() == 1 ? " IPv4 address" : " IPv4 addresses");
    if (passing.ipv6_networks() > 0) {
      why += ", " + grouped(passing.ipv6_networks()) + " IPv6 /64";
    }
    return why;
  }

  void line(std::string_view subject, std::size_t width, const Forgery& forgery,
            std::string_view why) {
    const std::string outcome = fmt::format("{:<11}", format_forgery_outcome(forgery.outcome));
    text_ += fmt::format("  {:<{}}  {}  {}\n", subject, width,
                         painted(outcome, colour_of(forgery.outcome)), why);
  }

  void add(const Finding& finding) {
    const CheckInfo& info = info_of(finding.check);
    const std::string level = fmt::format("{:<7}", format_level(finding.level));
    text_ += fmt::format("{}  {:<19} {}\n", painted(level, colour_of(finding.level)), info.id,
                         finding.name);
    below("",
          finding.evidence +
              (finding.position ? fmt::format(" (octet {})", *finding.position) : std::string{}) +
              ": " + std::string(info.source));
    if (finding.check == Check::spf_lookups) {
      tree();
    }
    below("effect", info.effect);
    below("do", finding.remedy);
    below("publish", finding.publish);
    for (const std::string& server : finding.servers) {
      below("server", server);
    }
  }

  void tree() {
    if (!report_.spf) {
      return;
    }
    for (const SpfNode& node : report_.spf->nodes) {
      std::string terms;
      for (const std::string& term : node.lookup_terms) {
        terms += ' ' + shown(term);
      }
      text_ += fmt::format("             {:>2}  {:<{}}{}{}\n", node.lookup_terms.size(), "",
                           2 * node.depth, shown(node.name), terms.empty() ? "" : ":" + terms);
    }
  }

  void below(std::string_view word, std::string_view text) {
    if (!text.empty()) {
      text_ += fmt::format("         {:<8} {}\n", word, text);
    }
  }

  void unknowns() {
    std::set<std::string_view> not_asked;
    for (const Unknown& unknown : selected_.unknowns) {
      const std::string_view id = info_of(unknown.check).id;
      if (unknown.tried.empty()) {
        not_asked.insert(id);
        continue;
      }
      text_ += fmt::format("{}  {:<19} {}\n", painted("unknown", "\033[33m"), id, unknown.name);
      below("", unknown.tried + ": " + unknown.answer);
    }
    if (report_.dkim.empty() && report_.spf && report_.sts) {
      text_ += "unknown  dkim: no selector is known (--selector, --message, --config)\n";
    }
    if (!not_asked.empty()) {
      std::string ids;
      for (const std::string_view id : not_asked) {
        ids += (ids.empty() ? "" : ", ") + std::string(id);
      }
      text_ += fmt::format("unknown  not asked: {}\n", ids);
    }
  }

  void goods() {
    if (!all_) {
      text_ += selected_.goods.empty()
                   ? ""
                   : fmt::format("ok       {} more (--all)\n", selected_.goods.size());
      return;
    }
    for (const Good& good : selected_.goods) {
      text_ += fmt::format("{}  {:<19} {}\n", painted("ok     ", "\033[32m"),
                           info_of(good.check).id, good.name);
    }
  }

  [[nodiscard]] std::string painted(std::string_view text, std::string_view colour) const {
    return colour_ ? fmt::format("{}{}\033[0m", colour, text) : std::string(text);
  }

  const Report& report_;
  const std::optional<MailEffect>& effect_;
  Selected selected_;
  bool all_;
  bool colour_;
  std::string text_;
};

}  // namespace

std::string format_domain_text(const DomainRun& run, const Selection& selection, bool colour) {
  return Page(run, selection, colour).text();
}

}  // namespace sekisho::tools
