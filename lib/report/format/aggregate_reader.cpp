#include "report/format/aggregate_reader.hpp"

#include "report/format/aggregate_draft.hpp"
#include "report/format/digest.hpp"
#include "report/format/printable.hpp"

#include <string_view>
#include <utility>

namespace sekisho::report::format {

namespace {

template <typename T>
void keep_result(std::vector<T>& results, T& result, bool is_there, AggregateDraft& draft) {
  T complete = std::exchange(result, {});
  if (!is_there) {
    return;
  }
  if (results.size() == max_record_results) {
    draft.notes.add("a record has more results than are read");
    return;
  }
  results.push_back(std::move(complete));
}

class AggregateEvents final : public XmlEvents {
 public:
  AggregateEvents(const AggregateLimits& limits,
                  const std::function<void(AggregateRecord)>& on_record)
      : limits_(limits), on_record_(on_record) {}

  void begin(std::string_view name, std::string_view name_space) override {
    ++depth_;
    if (root_depth_ == 0) {
      look_for_root(name, name_space);
      return;
    }
    if (root_ended_ && name == "feedback") {
      draft_.notes.add("a second report in the document was not read");
    }
    if (foreign_depth_ != 0 || root_ended_) {
      return;
    }
    // RFC 9990 §3.2: extensions have namespaces of their own.
    const bool is_extension = !name_space.empty() && name_space != name_space_;
    const bool is_repeated = !is_extension && is_second(name);
    if (is_repeated) {
      draft_.notes.add("a second report_metadata or policy_published was not read");
    }
    if (is_extension || is_repeated) {
      foreign_depth_ = depth_;
      return;
    }
    marks_.push_back(path_.size());
    path_.append(path_.empty() ? "" : "/").append(name);
  }

  std::expected<void, std::string> end(std::string_view text) override {
    const std::size_t depth = depth_--;
    if (foreign_depth_ != 0) {
      foreign_depth_ = foreign_depth_ == depth ? 0 : foreign_depth_;
      return {};
    }
    root_ended_ = root_ended_ || depth == root_depth_;
    if (root_depth_ == 0 || root_ended_) {
      return {};
    }
    const auto ended = end_element(path_, text);
    path_.resize(marks_.back());
    marks_.pop_back();
    return ended;
  }

  [[nodiscard]] ReportNotes& notes() { return draft_.notes; }

  std::expected<AggregateReading, std::string> finish(XmlEnd end, crypto::Digest& digest) {
    if (root_depth_ == 0) {
      return std::unexpected("not an aggregate report: it has no element \"feedback\"");
    }
    const bool is_cut = end == XmlEnd::cut && !root_ended_;
    if (end == XmlEnd::cut && root_ended_) {
      draft_.notes.add("an element around the report is not closed");
    }
    if (is_cut && records_ == 0) {
      return std::unexpected("ends before its first record does");
    }
    if (draft_.header.metadata.report_id.empty()) {
      draft_.header.digest = digest_of(digest);
    }
    draft_.header.metadata.period =
        period_between(draft_.begin, draft_.end, "date_range", draft_.notes);
    if (records_ == 0) {
      draft_.notes.add("no record in the report");
    }
    if (draft_.header.policy.domain.empty()) {
      draft_.notes.add("policy_published/domain is missing");
    }
    return AggregateReading{.header = std::move(draft_.header),
                            .records = records_,
                            .notes = draft_.notes.take(),
                            .is_cut = is_cut};
  }

 private:
  // A second policy is not to be mixed with the first.
  bool is_second(std::string_view name) {
    if (depth_ != root_depth_ + 1) {
      return false;
    }
    return (name == "policy_published" && std::exchange(has_policy_, true)) ||
           (name == "report_metadata" && std::exchange(has_metadata_, true));
  }

  // Some wrap the report in an element of their own.
  void look_for_root(std::string_view name, std::string_view name_space) {
    if (name != "feedback") {
      return;
    }
    root_depth_ = depth_;
    name_space_ = name_space;
    draft_.header.form = name_space == dmarc_namespace ? Form::rfc9990 : Form::rfc7489;
  }

  std::expected<void, std::string> end_element(std::string_view path, std::string_view text) {
    constexpr std::string_view in_record = "record/";
    const std::string value = printable(text, limits_.xml.text_octets);
    if (path == "record") {
      return end_record();
    }
    if (!path.starts_with(in_record)) {
      set_header_field(draft_, path, value);
      return {};
    }
    path.remove_prefix(in_record.size());
    // What some wrote before the schema was settled.
    constexpr std::string_view old_name = "identities/";
    if (path.starts_with(old_name)) {
      set_record_field(draft_, "identifiers/" + std::string(path.substr(old_name.size())), value);
      return {};
    }
    set_record_field(draft_, path, value);
    end_group(path);
    return {};
  }

  // An empty element stands for no result.
  void end_group(std::string_view path) {
    if (path == "auth_results/dkim") {
      keep_result(draft_.record.dkim, draft_.dkim, draft_.dkim != DkimAuthResult{}, draft_);
    } else if (path == "auth_results/spf") {
      keep_result(draft_.record.spf, draft_.spf, draft_.spf != SpfAuthResult{}, draft_);
    } else if (path == "row/policy_evaluated/reason") {
      keep_result(draft_.record.reasons, draft_.reason, std::exchange(draft_.has_reason, false),
                  draft_);
    }
  }

  std::expected<void, std::string> end_record() {
    AggregateRecord record = std::exchange(draft_.record, {});
    const bool has_source = std::exchange(draft_.has_source, false);
    const bool has_count = std::exchange(draft_.has_count, false);
    if (!has_source || !has_count) {
      draft_.notes.add(has_source ? "a record has no valid count and was left out"
                                  : "a record has no valid source_ip and was left out");
    }
    // Those left out count too: the limit is on work.
    if (++records_seen_ > limits_.records) {
      return std::unexpected("more than " + std::to_string(limits_.records) + " records");
    }
    if (has_source && has_count) {
      ++records_;
      on_record_(std::move(record));
    }
    return {};
  }

  AggregateLimits limits_;
  const std::function<void(AggregateRecord)>& on_record_;
  AggregateDraft draft_;
  std::size_t depth_ = 0;
  std::size_t root_depth_ = 0;  // of `feedback`; 0: not met yet
  bool root_ended_ = false;
  std::size_t foreign_depth_ = 0;  // of the element that is passed over; 0: none
  bool has_policy_ = false;
  bool has_metadata_ = false;
  std::string name_space_;
  std::string path_;  // below `feedback`
  std::vector<std::size_t> marks_;
  std::uint64_t records_seen_ = 0;
  std::uint64_t records_ = 0;
};

}  // namespace

std::expected<AggregateReading, std::string> read_aggregate(
    const ByteSource& source, const AggregateLimits& limits,
    const std::function<void(AggregateRecord)>& on_record) {
  AggregateEvents events(limits, on_record);
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  const ByteSource digested = [&](std::span<char> buffer) {
    const auto count = source(buffer);
    digest.update({buffer.data(), count.value_or(0)});
    return count;
  };
  const auto end = parse_xml(digested, limits.xml, events, events.notes());
  if (!end) {
    return std::unexpected(end.error());
  }
  return events.finish(*end, digest);
}

}  // namespace sekisho::report::format
