#include "tools/preflight/unsubscribe_host.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::tools {

namespace {

UnsubscribeAnswer failed(bool is_posted, fetch::Failure failure) {
  return {.is_posted = is_posted,
          .status = std::nullopt,
          .fault = failure.fault,
          .detail = std::move(failure.detail)};
}

std::string describe(const UnsubscribeAnswer& answer, const std::string& uri) {
  std::string text = answer.fault ? std::string(fetch::format_fault(*answer.fault))
                                  : "the POST got " + std::to_string(answer.status.value_or(0));
  if (!answer.detail.empty()) {
    text += ": " + preflight::printable(answer.detail);
  }
  return text + ", at " + preflight::printable(uri);
}

bool is_good(const UnsubscribeAnswer& answer) {
  const long status = answer.status.value_or(200);
  return !answer.fault && status >= 200 && status < 300;
}

}  // namespace

UnsubscribeAnswer look_at_unsubscribe_host(const dns::Lookups& lookups, const std::string& uri,
                                           const fetch::Options& options) {
  auto done = fetch::shake_hands(lookups, uri, options);
  return done ? UnsubscribeAnswer{} : failed(false, std::move(done).error());
}

UnsubscribeAnswer post_unsubscribe(const dns::Lookups& lookups, const std::string& uri,
                                   const fetch::Options& options) {
  auto response = fetch::post_form(lookups, uri, "List-Unsubscribe=One-Click", options);
  if (!response) {
    return failed(true, std::move(response).error());
  }
  return {.is_posted = true, .status = response->status, .fault = std::nullopt, .detail = ""};
}

void add_unsubscribe_answer(const UnsubscribeAnswer& answer, preflight::Report& report) {
  if (answer.fault && fetch::is_unreachable(*answer.fault)) {
    report.has_temporary_errors = true;
    return;
  }
  if (is_good(answer)) {
    return;
  }
  preflight::Finding finding;
  finding.id = preflight::Id::unsub_tls;
  finding.level = preflight::Level::error;
  finding.where.field = "List-Unsubscribe";
  finding.evidence = describe(answer, report.unsubscribe_uri);
  const auto place = std::ranges::find_if(report.findings, [](const preflight::Finding& other) {
    return other.level != preflight::Level::error;
  });
  report.findings.insert(place, std::move(finding));
}

}  // namespace sekisho::tools
