#include "report/import/frame.hpp"

#include <array>
#include <concepts>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace sekisho::report::import {

namespace {

// The last value of each enum that travels: another octet is no such value.
constexpr auto last_of(FrameKind) {
  return FrameKind::done;
}
constexpr auto last_of(format::Form) {
  return format::Form::rfc7489;
}
constexpr auto last_of(format::ActionDisposition) {
  return format::ActionDisposition::reject;
}
constexpr auto last_of(format::OverrideType) {
  return format::OverrideType::sampled_out;
}
constexpr auto last_of(format::AuthResult) {
  return format::AuthResult::permerror;
}
constexpr auto last_of(format::SpfScope) {
  return format::SpfScope::helo;
}
constexpr auto last_of(format::FeedbackType) {
  return format::FeedbackType::other;
}
constexpr auto last_of(dmarc::DiscoveryMethod) {
  return dmarc::DiscoveryMethod::psl;
}
constexpr auto last_of(dmarc::Policy) {
  return dmarc::Policy::reject;
}
constexpr auto last_of(dmarc::AlignmentMode) {
  return dmarc::AlignmentMode::strict;
}

/// Calls itself for each member of a value: the same list of members writes and reads.
class Writer {
 public:
  explicit Writer(std::string& octets) : octets_(octets) {}

  template <typename T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void operator()(const T& value) {
    octets_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const std::string& text) {
    (*this)(std::uint64_t{text.size()});
    octets_ += text;
  }
  template <typename T>
  void operator()(const std::vector<T>& values);
  template <typename T>
  void operator()(const std::optional<T>& value);
  template <typename T>
    requires std::is_class_v<T>
  void operator()(const T& value);

 private:
  std::string& octets_;
};

class Reader {
 public:
  explicit Reader(std::string_view octets) : rest_(octets) {}

  template <typename T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void operator()(T& value) {
    T read{};
    if (!take(reinterpret_cast<char*>(&read), sizeof read)) {
      return;
    }
    if constexpr (std::is_enum_v<T>) {
      is_good_ = is_good_ && read <= last_of(T{});
    }
    value = is_good_ ? read : value;
  }
  void operator()(bool& value) {
    std::uint8_t octet = 0;
    (*this)(octet);
    value = octet != 0;
  }
  void operator()(std::string& text) {
    std::uint64_t size = 0;
    (*this)(size);
    if (!is_good_ || size > rest_.size()) {
      is_good_ = false;
      return;
    }
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  template <typename T>
  void operator()(std::vector<T>& values);
  template <typename T>
  void operator()(std::optional<T>& value);
  template <typename T>
    requires std::is_class_v<T>
  void operator()(T& value);

  [[nodiscard]] bool is_whole() const { return is_good_ && rest_.empty(); }

 private:
  bool take(char* to, std::size_t size) {
    is_good_ = is_good_ && size <= rest_.size();
    if (is_good_) {
      std::memcpy(to, rest_.data(), size);
      rest_.remove_prefix(size);
    }
    return is_good_;
  }

  std::string_view rest_;
  bool is_good_ = true;
};

template <typename Archive, typename... Members>
void each(Archive& archive, Members&... members) {
  (archive(members), ...);
}

// The members of each value. `T` is const where it is written.
template <typename T, typename Value>
concept Is = std::same_as<std::remove_const_t<T>, Value>;

void members(Writer& archive, const dns::IpAddress& address) {
  for (const std::uint8_t octet : address.octets()) {
    archive(octet);
  }
  archive(address.is_v4());
}
void members(Reader& archive, dns::IpAddress& address) {
  std::array<std::uint8_t, 16> octets{};
  bool is_v4 = true;
  for (std::uint8_t& octet : octets) {
    archive(octet);
  }
  archive(is_v4);
  address = is_v4 ? dns::IpAddress::v4({octets[0], octets[1], octets[2], octets[3]})
                  : dns::IpAddress::v6(octets);
}
void members(Writer& archive, const std::chrono::sys_seconds& time) {
  archive(std::int64_t{time.time_since_epoch().count()});
}
void members(Reader& archive, std::chrono::sys_seconds& time) {
  std::int64_t seconds = 0;
  archive(seconds);
  time = std::chrono::sys_seconds(std::chrono::seconds(seconds));
}
void members(auto& archive, Is<format::Period> auto& v) {
  each(archive, v.begin, v.end);
}
void members(auto& archive, Is<format::ReportNote> auto& v) {
  each(archive, v.text, v.times);
}
void members(auto& archive, Is<format::OverrideReason> auto& v) {
  each(archive, v.type, v.comment);
}
void members(auto& archive, Is<format::DkimAuthResult> auto& v) {
  each(archive, v.domain, v.selector, v.result, v.human_result);
}
void members(auto& archive, Is<format::SpfAuthResult> auto& v) {
  each(archive, v.domain, v.scope, v.result, v.human_result);
}
void members(auto& archive, Is<format::AggregateRecord> auto& v) {
  each(archive, v.source, v.count, v.disposition, v.dkim_aligned, v.spf_aligned, v.reasons,
       v.header_from, v.envelope_from, v.envelope_to, v.dkim, v.spf);
}
void members(auto& archive, Is<format::Metadata> auto& v) {
  each(archive, v.org_name, v.email, v.extra_contact_info, v.report_id, v.period, v.errors,
       v.generator);
}
void members(auto& archive, Is<format::PolicyPublished> auto& v) {
  each(archive, v.domain, v.discovery_method, v.policy, v.subdomain_policy, v.nonexistent_policy,
       v.dkim_alignment, v.spf_alignment, v.failure_options, v.testing, v.percent, v.errors);
}
void members(auto& archive, Is<format::AggregateHeader> auto& v) {
  each(archive, v.form, v.metadata, v.policy, v.digest);
}
void members(auto& archive, Is<format::AggregateReading> auto& v) {
  each(archive, v.header, v.records, v.notes, v.is_cut);
}
void members(auto& archive, Is<format::TlsFailure> auto& v) {
  each(archive, v.result_type, v.sending_mta_ip, v.receiving_mx_hostname, v.receiving_mx_helo,
       v.receiving_ip, v.sessions, v.additional_information, v.failure_reason_code);
}
void members(auto& archive, Is<format::TlsPolicy> auto& v) {
  each(archive, v.type, v.domain, v.lines, v.mx_hosts, v.successful_sessions, v.failed_sessions,
       v.failures);
}
void members(auto& archive, Is<format::TlsReport> auto& v) {
  each(archive, v.organization_name, v.contact_info, v.report_id, v.period, v.policies, v.digest);
}
void members(auto& archive, Is<format::TlsReading> auto& v) {
  each(archive, v.report, v.notes);
}
void members(auto& archive, Is<format::FeedbackReport::Personal> auto& v) {
  each(archive, v.from, v.to, v.mail_from, v.subject, v.message_id);
}
void members(auto& archive, Is<format::FeedbackReport> auto& v) {
  each(archive, v.type, v.reporter, v.author_domain, v.source, v.auth_failure, v.identity_alignment,
       v.delivery_result, v.arrival_date, v.incidents, v.digest, v.personal);
}
void members(auto& archive, Is<Frame> auto& v) {
  archive(v.kind);
  switch (v.kind) {
    case FrameKind::file:
    case FrameKind::message:
      return archive(v.number);
    case FrameKind::record:
      return archive(v.record);
    case FrameKind::aggregate:
      return each(archive, v.name, v.aggregate);
    case FrameKind::tls:
      return each(archive, v.name, v.tls);
    case FrameKind::feedback:
      return archive(v.feedback);
    case FrameKind::other_mail:
      return archive(v.name);
    case FrameKind::refused:
    case FrameKind::problem:
      return each(archive, v.name, v.problem);
    case FrameKind::done:
      return;
  }
}

template <typename T>
void Writer::operator()(const std::vector<T>& values) {
  (*this)(std::uint64_t{values.size()});
  for (const T& value : values) {
    (*this)(value);
  }
}

template <typename T>
void Writer::operator()(const std::optional<T>& value) {
  (*this)(value.has_value());
  if (value) {
    (*this)(*value);
  }
}

template <typename T>
  requires std::is_class_v<T>
void Writer::operator()(const T& value) {
  members(*this, value);
}

template <typename T>
void Reader::operator()(std::vector<T>& values) {
  std::uint64_t count = 0;
  (*this)(count);
  is_good_ = is_good_ && count <= rest_.size();  // each has an octet or more
  values.clear();
  for (std::uint64_t i = 0; is_good_ && i < count; ++i) {
    (*this)(values.emplace_back());
  }
}

template <typename T>
void Reader::operator()(std::optional<T>& value) {
  bool has_value = false;
  (*this)(has_value);
  value.reset();
  if (has_value) {
    (*this)(value.emplace());
  }
}

template <typename T>
  requires std::is_class_v<T>
void Reader::operator()(T& value) {
  members(*this, value);
}

using Length = std::uint64_t;

}  // namespace

void append_frame(std::string& octets, const Frame& frame) {
  const std::size_t begin = octets.size();
  octets.append(sizeof(Length), '\0');
  Writer writer(octets);
  writer(frame);
  const Length length = octets.size() - begin - sizeof(Length);
  std::memcpy(octets.data() + begin, &length, sizeof length);
}

void FrameReader::add(std::string_view octets) {
  octets_.erase(0, std::exchange(place_, 0));
  octets_ += octets;
}

std::optional<Frame> FrameReader::next() {
  const std::string_view rest = std::string_view(octets_).substr(place_);
  if (is_broken_ || rest.size() < sizeof(Length)) {
    return std::nullopt;
  }
  Length length = 0;
  std::memcpy(&length, rest.data(), sizeof length);
  is_broken_ = length > max_octets;
  if (is_broken_ || rest.size() - sizeof length < length) {
    return std::nullopt;
  }
  Reader reader(rest.substr(sizeof length, length));
  place_ += sizeof length + length;
  Frame frame;
  reader(frame);
  is_broken_ = !reader.is_whole();
  return is_broken_ ? std::nullopt : std::optional(std::move(frame));
}

}  // namespace sekisho::report::import
