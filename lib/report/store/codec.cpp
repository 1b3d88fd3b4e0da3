#include "report/store/codec.hpp"

#include "report/format/printable.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

namespace sekisho::report::store {

namespace {

using nlohmann::json;

// Of one text; a domain has 253 octets, a comment or a URI may have some more.
constexpr std::size_t max_text = 2'000;
// As many as TlsLimits lets into a report.
constexpr std::size_t max_tls_rows = 100'000;
// The last second of the year 9999.
constexpr std::int64_t max_time = 253'402'300'799;

// Whatever octets come, they are written as UTF-8, and on one line.
std::string dump(const json& value) {
  return value.dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
}

/// What is no JSON gives `discarded`, in which nothing is found.
json parse(std::string_view text) {
  return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

/// A reader of a value as the writers have it: everything else is noted as wrong.
class Reader {
 public:
  explicit Reader(std::size_t max_rows = format::max_record_results) : max_rows_(max_rows) {}

  [[nodiscard]] bool is_good() const { return good_; }

  std::string text(const json& value) {
    if (!value.is_string()) {
      good_ = false;
      return {};
    }
    return format::printable(value.get_ref<const std::string&>(), max_text);
  }
  std::vector<std::string> texts(const json& list) {
    std::vector<std::string> read;
    if (!list.is_array() || list.size() > max_rows_) {
      good_ = false;
      return read;
    }
    for (const json& value : list) {
      read.push_back(text(value));
    }
    return read;
  }
  std::int64_t number(const json& value) {
    if (!value.is_number_integer()) {
      good_ = false;
      return 0;
    }
    return value.get<std::int64_t>();
  }
  std::int64_t number_up_to(std::int64_t most, const json& value) {
    const std::int64_t read = number(value);
    good_ = good_ && read >= 0 && read <= most;
    return good_ ? read : 0;
  }
  std::uint64_t count(const json& value) {
    return static_cast<std::uint64_t>(number_up_to(std::int64_t{format::max_record_count}, value));
  }
  bool truth(const json& value) {
    good_ = good_ && value.is_boolean();
    return value.is_boolean() && value.get<bool>();
  }
  /// A word of ours.
  template <typename T>
  T word(const json& value, std::optional<T> (*parse_word)(std::string_view)) {
    const std::optional<T> parsed =
        value.is_string() ? parse_word(value.get_ref<const std::string&>()) : std::nullopt;
    good_ = good_ && parsed.has_value();
    return parsed.value_or(T{});
  }
  /// Calls `read` for each member, each of which has `width` parts.
  template <typename Read>
  void rows(const json& list, std::size_t width, const Read& read) {
    if (!list.is_array() || list.size() > max_rows_) {
      good_ = false;
      return;
    }
    for (const json& row : list) {
      if (!row.is_array() || row.size() != width) {
        good_ = false;
        return;
      }
      read(row);
    }
  }
  /// The member of that name, or null.
  const json& member(const json& object, const char* name) {
    static const json nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
  }

 private:
  std::size_t max_rows_;
  bool good_ = true;
};

template <typename T>
void put(json& object, const char* name, const std::optional<T>& value,
         std::string_view (*format)(T)) {
  if (value) {
    object[name] = format(*value);
  }
}

json policy_value(const format::PolicyPublished& policy) {
  json value = json::object();
  value["domain"] = policy.domain;
  put(value, "discovery", policy.discovery_method, format::format_discovery_method);
  put(value, "p", policy.policy, dmarc::format_policy);
  put(value, "sp", policy.subdomain_policy, dmarc::format_policy);
  put(value, "np", policy.nonexistent_policy, dmarc::format_policy);
  put(value, "adkim", policy.dkim_alignment, format::format_alignment_mode);
  put(value, "aspf", policy.spf_alignment, format::format_alignment_mode);
  if (!policy.failure_options.empty()) {
    value["fo"] = policy.failure_options;
  }
  if (policy.testing) {
    value["testing"] = *policy.testing;
  }
  if (policy.percent) {
    value["pct"] = *policy.percent;
  }
  if (!policy.errors.empty()) {
    value["errors"] = policy.errors;
  }
  return value;
}

class PolicyReader : public Reader {
 public:
  format::PolicyPublished read(const json& value) {
    format::PolicyPublished policy;
    policy.domain = text(member(value, "domain"));
    get(value, "discovery", policy.discovery_method, format::parse_discovery_method);
    get(value, "p", policy.policy, format::parse_policy);
    get(value, "sp", policy.subdomain_policy, format::parse_policy);
    get(value, "np", policy.nonexistent_policy, format::parse_policy);
    get(value, "adkim", policy.dkim_alignment, format::parse_alignment_mode);
    get(value, "aspf", policy.spf_alignment, format::parse_alignment_mode);
    if (const json& options = member(value, "fo"); !options.is_null()) {
      policy.failure_options = text(options);
    }
    if (const json& testing = member(value, "testing"); !testing.is_null()) {
      policy.testing = truth(testing);
    }
    if (const json& percent = member(value, "pct"); !percent.is_null()) {
      policy.percent = static_cast<std::uint8_t>(number_up_to(100, percent));
    }
    if (const json& errors = member(value, "errors"); !errors.is_null()) {
      policy.errors = texts(errors);
    }
    return policy;
  }

 private:
  template <typename T>
  void get(const json& object, const char* name, std::optional<T>& value,
           std::optional<T> (*parse_word)(std::string_view)) {
    if (const json& found = member(object, name); !found.is_null()) {
      value = word(found, parse_word);
    }
  }
};

json results_value(const format::AggregateRecord& record) {
  json value = json::object();
  for (const format::DkimAuthResult& result : record.dkim) {
    value["dkim"].push_back({result.domain, result.selector,
                             format::format_auth_result(result.result), result.human_result});
  }
  for (const format::SpfAuthResult& result : record.spf) {
    value["spf"].push_back({result.domain, format::format_scope(result.scope),
                            format::format_auth_result(result.result), result.human_result});
  }
  for (const format::OverrideReason& reason : record.reasons) {
    value["reasons"].push_back({format::format_override_type(reason.type), reason.comment});
  }
  return value;
}

bool read_results_value(const json& value, format::AggregateRecord& record) {
  Reader reader;
  if (!value.is_object()) {
    return false;
  }
  if (const json& dkim = reader.member(value, "dkim"); !dkim.is_null()) {
    reader.rows(dkim, 4, [&](const json& row) {
      record.dkim.push_back({reader.text(row[0]), reader.text(row[1]),
                             reader.word(row[2], format::parse_auth_result), reader.text(row[3])});
    });
  }
  if (const json& spf = reader.member(value, "spf"); !spf.is_null()) {
    reader.rows(spf, 4, [&](const json& row) {
      record.spf.push_back({reader.text(row[0]), reader.word(row[1], format::parse_scope),
                            reader.word(row[2], format::parse_auth_result), reader.text(row[3])});
    });
  }
  if (const json& reasons = reader.member(value, "reasons"); !reasons.is_null()) {
    reader.rows(reasons, 2, [&](const json& row) {
      record.reasons.push_back(
          {reader.word(row[0], format::parse_override_type), reader.text(row[1])});
    });
  }
  return reader.is_good();
}

}  // namespace

std::string write_tls_details(const format::TlsPolicy& policy) {
  json value = {{"lines", policy.lines}, {"mx", policy.mx_hosts}, {"failures", json::array()}};
  for (const format::TlsFailure& failure : policy.failures) {
    value["failures"].push_back({failure.result_type, failure.sending_mta_ip,
                                 failure.receiving_mx_hostname, failure.receiving_mx_helo,
                                 failure.receiving_ip, failure.additional_information,
                                 failure.failure_reason_code, failure.sessions});
  }
  return dump(value);
}

bool read_tls_details(std::string_view text, format::TlsPolicy& policy) {
  const json value = parse(text);
  if (!value.is_object()) {
    return false;
  }
  Reader reader(max_tls_rows);
  policy.lines = reader.texts(reader.member(value, "lines"));
  policy.mx_hosts = reader.texts(reader.member(value, "mx"));
  policy.failures.clear();
  reader.rows(reader.member(value, "failures"), 8, [&](const json& row) {
    policy.failures.push_back({.result_type = reader.text(row[0]),
                               .sending_mta_ip = reader.text(row[1]),
                               .receiving_mx_hostname = reader.text(row[2]),
                               .receiving_mx_helo = reader.text(row[3]),
                               .receiving_ip = reader.text(row[4]),
                               .sessions = reader.count(row[7]),
                               .additional_information = reader.text(row[5]),
                               .failure_reason_code = reader.text(row[6])});
  });
  return reader.is_good();
}

std::string write_policy(const format::PolicyPublished& policy) {
  return dump(policy_value(policy));
}

std::optional<format::PolicyPublished> read_policy(std::string_view text) {
  const json value = parse(text);
  if (!value.is_object()) {
    return std::nullopt;
  }
  PolicyReader reader;
  format::PolicyPublished policy = reader.read(value);
  return reader.is_good() ? std::optional(std::move(policy)) : std::nullopt;
}

std::string write_addresses(const std::vector<std::string>& addresses) {
  return dump(json(addresses));
}

std::optional<std::vector<std::string>> read_addresses(std::string_view text) {
  Reader reader;
  std::vector<std::string> addresses = reader.texts(parse(text));
  return reader.is_good() ? std::optional(std::move(addresses)) : std::nullopt;
}

std::string write_results(const format::AggregateRecord& record) {
  return dump(results_value(record));
}

bool read_results(std::string_view text, format::AggregateRecord& record) {
  return read_results_value(parse(text), record);
}

std::string write_observation(const Observation& observation) {
  const format::AggregateRecord& record = observation.record;
  json value = json::object();
  value["seen"] = observation.seen.time_since_epoch().count();
  value["policy"] = policy_value(observation.policy);
  value["rua"] = observation.addresses;
  value["source"] = record.source.text();
  value["count"] = record.count;
  value["disposition"] = format::format_disposition(record.disposition);
  value["dkim"] = record.dkim_aligned;
  value["spf"] = record.spf_aligned;
  value["from"] = record.header_from;
  value["envelope_from"] = record.envelope_from;
  value["envelope_to"] = record.envelope_to;
  value["results"] = results_value(record);
  return dump(value);
}

std::optional<Observation> read_observation(std::string_view text) {
  const json value = parse(text);
  if (!value.is_object()) {
    return std::nullopt;
  }
  PolicyReader reader;
  Observation observation;
  format::AggregateRecord& record = observation.record;
  observation.seen = std::chrono::sys_seconds(
      std::chrono::seconds(reader.number_up_to(max_time, reader.member(value, "seen"))));
  observation.policy = reader.read(reader.member(value, "policy"));
  const auto source = dns::IpAddress::parse(reader.text(reader.member(value, "source")));
  const std::int64_t count = reader.number(reader.member(value, "count"));
  record.disposition = reader.word(reader.member(value, "disposition"), format::parse_disposition);
  record.dkim_aligned = reader.truth(reader.member(value, "dkim"));
  record.spf_aligned = reader.truth(reader.member(value, "spf"));
  record.header_from = reader.text(reader.member(value, "from"));
  record.envelope_from = reader.text(reader.member(value, "envelope_from"));
  record.envelope_to = reader.text(reader.member(value, "envelope_to"));
  observation.addresses = reader.texts(reader.member(value, "rua"));
  if (!reader.is_good() || !source || count <= 0 ||
      std::cmp_greater(count, format::max_record_count) ||
      !read_results_value(reader.member(value, "results"), record)) {
    return std::nullopt;
  }
  record.source = *source;
  record.count = static_cast<std::uint64_t>(count);
  return observation;
}

}  // namespace sekisho::report::store
