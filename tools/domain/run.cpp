#include "tools/domain/run.hpp"

#include "dns/zone_file.hpp"
#include "domain_check/domain_check.hpp"
#include "domain_check/memory.hpp"
#include "tools/domain/stored_mail.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::tools {

namespace {

constexpr std::size_t max_questions = 400;
constexpr std::size_t max_questions_for_mail = 4'000;
constexpr std::chrono::seconds patience{60};
constexpr std::chrono::seconds patience_with_hosts{600};

std::vector<mail::Domain> names_of(const dns::ZoneFile& zone) {
  std::vector<mail::Domain> names;
  for (const std::string& text : zone.names()) {
    const auto name = mail::Domain::parse(text);
    if (name && !text.contains('_') && !text.starts_with("mta-sts.")) {
      names.push_back(*name);
    }
  }
  return names;
}

}  // namespace

DomainRun run_domain_check(std::shared_ptr<dns::Resolver> resolver, const mail::Domain& domain,
                           const domain_check::Options& options, std::chrono::sys_seconds time,
                           Progress& progress) {
  const auto memory = std::make_shared<domain_check::Memory>(
      std::move(resolver), max_questions, [&](std::size_t questions) {
        if (progress.is_due()) {
          progress.show("checking " + domain.text() + ": " + std::to_string(questions) +
                        " look-ups");
        }
      });
  const auto begin = std::chrono::steady_clock::now();
  const dns::Lookups lookups(
      memory, {.deadline = begin + (options.connections ? patience_with_hosts : patience),
               .limit = std::numeric_limits<std::size_t>::max()});
  domain_check::Options timed = options;
  timed.time = time;
  DomainRun run{.report = domain_check::check_domain(lookups, domain, timed), .time = time};
  run.questions = memory->questions();
  run.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  return run;
}

domain_check::MailEffect effect_of_records(std::shared_ptr<dns::Resolver> now,
                                           std::shared_ptr<dns::Resolver> laid,
                                           const mail::Domain& domain,
                                           const domain_check::MailTally& mail,
                                           std::shared_ptr<const dmarc::PublicSuffixes> suffixes) {
  const auto lookups_on = [](std::shared_ptr<dns::Resolver> resolver) {
    return dns::Lookups(
        std::make_shared<domain_check::Memory>(std::move(resolver), max_questions_for_mail),
        {.deadline = std::chrono::steady_clock::now() + patience,
         .limit = std::numeric_limits<std::size_t>::max()});
  };
  const dns::Lookups before = lookups_on(std::move(now));
  const dns::Lookups after = lookups_on(std::move(laid));
  return domain_check::effect_on_mail(before, after, domain, mail, mail_window,
                                      std::move(suffixes));
}

void add_facts_of_zone(const dns::Resolver& resolver, domain_check::Options& options) {
  if (const auto* const zone = dynamic_cast<const dns::ZoneFile*>(&resolver)) {
    options.other_names = names_of(*zone);
    options.documentation_is_public = true;
  }
}

}  // namespace sekisho::tools
