#include "report/format/tls_report.hpp"

#include "report/format/aggregate.hpp"
#include "report/format/digest.hpp"
#include "report/format/period.hpp"
#include "report/format/printable.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

namespace sekisho::report::format {

namespace {

using Json = nlohmann::json;

struct TlsDraft {
  TlsReport report;
  TlsPolicy policy;
  TlsFailure failure;
  std::optional<std::chrono::sys_seconds> begin;
  std::optional<std::chrono::sys_seconds> end;
  ReportNotes notes;
};

void set_count(std::uint64_t& count, std::string_view text, ReportNotes& notes) {
  if (const auto value = parse_count(text)) {
    count = *value;
    return;
  }
  notes.add("a session count is no number and was left out");
}

using Setter = void (*)(TlsDraft&, std::string);

const std::unordered_map<std::string_view, Setter>& setters() {
  static const std::unordered_map<std::string_view, Setter> table = {
      {"organization-name",
       [](TlsDraft& d, std::string t) { d.report.organization_name = std::move(t); }},
      {"contact-info", [](TlsDraft& d, std::string t) { d.report.contact_info = std::move(t); }},
      {"report-id", [](TlsDraft& d, std::string t) { d.report.report_id = std::move(t); }},
      {"date-range/start-datetime",
       [](TlsDraft& d, std::string t) { d.begin = parse_date_time(t); }},
      {"date-range/end-datetime", [](TlsDraft& d, std::string t) { d.end = parse_date_time(t); }},
      {"policies/policy/policy-type",
       [](TlsDraft& d, std::string t) { d.policy.type = std::move(t); }},
      {"policies/policy/policy-domain",
       [](TlsDraft& d, std::string t) { d.policy.domain = std::move(t); }},
      {"policies/policy/policy-string",
       [](TlsDraft& d, std::string t) { d.policy.lines.push_back(std::move(t)); }},
      {"policies/policy/mx-host",
       [](TlsDraft& d, std::string t) { d.policy.mx_hosts.push_back(std::move(t)); }},
      {"policies/summary/total-successful-session-count",
       [](TlsDraft& d, std::string t) { set_count(d.policy.successful_sessions, t, d.notes); }},
      {"policies/summary/total-failure-session-count",
       [](TlsDraft& d, std::string t) { set_count(d.policy.failed_sessions, t, d.notes); }},
      {"policies/failure-details/result-type",
       [](TlsDraft& d, std::string t) { d.failure.result_type = std::move(t); }},
      {"policies/failure-details/sending-mta-ip",
       [](TlsDraft& d, std::string t) { d.failure.sending_mta_ip = std::move(t); }},
      {"policies/failure-details/receiving-mx-hostname",
       [](TlsDraft& d, std::string t) { d.failure.receiving_mx_hostname = std::move(t); }},
      {"policies/failure-details/receiving-mx-helo",
       [](TlsDraft& d, std::string t) { d.failure.receiving_mx_helo = std::move(t); }},
      {"policies/failure-details/receiving-ip",
       [](TlsDraft& d, std::string t) { d.failure.receiving_ip = std::move(t); }},
      {"policies/failure-details/failed-session-count",
       [](TlsDraft& d, std::string t) { set_count(d.failure.sessions, t, d.notes); }},
      {"policies/failure-details/additional-information",
       [](TlsDraft& d, std::string t) { d.failure.additional_information = std::move(t); }},
      {"policies/failure-details/failure-reason-code",
       [](TlsDraft& d, std::string t) { d.failure.failure_reason_code = std::move(t); }},
  };
  return table;
}

/// The path of keys down to the value that is read; lists add nothing to it. No tree is built.
class TlsEvents final : public nlohmann::json_sax<Json> {
 public:
  explicit TlsEvents(const TlsLimits& limits) : limits_(limits) {}

  bool null() override { return value(""); }
  bool boolean(bool /*value*/) override { return value(""); }
  bool number_integer(std::int64_t negative) override { return value(std::to_string(negative)); }
  bool number_unsigned(std::uint64_t number) override { return value(std::to_string(number)); }
  bool number_float(double /*number*/, const std::string& text) override { return value(text); }
  bool string(std::string& text) override { return value(printable(text, limits_.text_octets)); }
  bool binary(Json::binary_t& /*octets*/) override { return value(""); }
  bool key(std::string& text) override {
    constexpr std::size_t max_key = 64;  // the longest that is known is far shorter
    key_ = text.substr(0, max_key);
    return true;
  }

  bool start_object(std::size_t /*elements*/) override {
    const bool is_report = report_depth_ == 0 && path_.empty() && key_.empty();
    const bool entered = enter();
    report_depth_ = is_report ? marks_.size() : report_depth_;
    return entered;
  }
  bool end_object() override {
    if (marks_.size() == report_depth_) {
      report_depth_ = 0;
      end_report();
    }
    const bool counted = path_ == "policies" || path_ == "policies/failure-details";
    if (path_ == "policies") {
      draft_.report.policies.push_back(std::exchange(draft_.policy, {}));
    } else if (path_ == "policies/failure-details") {
      draft_.policy.failures.push_back(std::exchange(draft_.failure, {}));
    }
    leave();
    return !counted || count_entry();
  }
  bool start_array(std::size_t /*elements*/) override { return enter(); }
  bool end_array() override {
    leave();
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    return refuse("not JSON from octet " + std::to_string(position) + " on");
  }

  bool refuse(std::string why) {
    error_ = std::move(why);
    return false;
  }

  std::expected<std::vector<TlsReading>, std::string> finish() {
    if (!error_.empty()) {
      return std::unexpected(error_);
    }
    if (readings_.empty()) {
      return std::unexpected("not a TLS report: it has neither a report-id nor policies");
    }
    return std::move(readings_);
  }

 private:
  bool value(std::string text) {
    const std::string path = joined();
    key_.clear();
    const auto setter = setters().find(path);
    if (setter == setters().end() || text.empty()) {
      return true;
    }
    setter->second(draft_, std::move(text));
    return count_entry();
  }

  void end_report() {
    TlsDraft draft = std::exchange(draft_, {});
    TlsReport& report = draft.report;
    if (report.policies.empty() && report.report_id.empty()) {
      return;
    }
    report.period = period_between(draft.begin, draft.end, "date-range", draft.notes);
    if (report.policies.empty()) {
      draft.notes.add("no policy in the report");
    }
    readings_.push_back({.report = std::move(report), .notes = draft.notes.take()});
  }

  bool count_entry() {
    return ++entries_ <= limits_.entries || refuse("more entries than are read");
  }

  bool enter() {
    marks_.push_back(path_.size());
    path_ = joined();
    key_.clear();
    return marks_.size() <= limits_.depth || refuse("objects are nested too deeply");
  }

  void leave() {
    path_.resize(marks_.back());
    marks_.pop_back();
    key_.clear();
  }

  [[nodiscard]] std::string joined() const {
    return path_.empty() || key_.empty() ? path_ + key_ : path_ + "/" + key_;
  }

  TlsLimits limits_;
  TlsDraft draft_;
  std::vector<TlsReading> readings_;
  std::string path_;
  std::string key_;
  std::vector<std::size_t> marks_;
  std::size_t entries_ = 0;
  std::size_t report_depth_ = 0;  // of the object that is a report; 0: none is open
  std::string error_;
};

}  // namespace

std::expected<std::vector<TlsReading>, std::string> read_tls_reports(const ByteSource& source,
                                                                     const TlsLimits& limits) {
  const auto text = read_all(source, limits.octets);
  if (!text) {
    return std::unexpected(text.error());
  }
  TlsEvents events(limits);
  // Padding, as some archives have it.
  const std::size_t end = text->find_last_not_of(std::string_view("\0 \t\r\n", 5));
  Json::sax_parse(std::string_view(*text).substr(0, end + 1), &events);  // npos + 1 is 0
  auto readings = events.finish();
  for (std::size_t i = 0; readings && i < readings->size(); ++i) {
    TlsReport& report = (*readings)[i].report;
    if (report.report_id.empty()) {
      report.digest = digest_of(*text + std::to_string(i));
    }
  }
  return readings;
}

}  // namespace sekisho::report::format
