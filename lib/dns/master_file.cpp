#include "dns/master_file.hpp"

#include "dns/wire.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dns {

namespace {

constexpr std::size_t max_entry = 65'535;  // of longer record data ldns drops the end, silently
constexpr std::string_view blanks = " \t\r";

bool is_blank(std::string_view text) {
  return text.find_first_not_of(blanks) == text.npos;
}

// `owner IN 300 A …` (RFC 1035 §5.1 allows both orders) as ldns wants it: `owner 300 IN A …`.
void put_ttl_before_class(std::string& entry) {
  const std::size_t owner_end = std::min(entry.find_first_of(blanks), entry.size());
  const std::size_t class_begin = entry.find_first_not_of(blanks, owner_end);
  const std::size_t class_end = entry.find_first_of(blanks, class_begin);
  const std::size_t ttl_begin = entry.find_first_not_of(blanks, class_end);
  const std::size_t ttl_end = std::min(entry.find_first_of(blanks, ttl_begin), entry.size());
  if (ttl_begin == entry.npos || entry[ttl_begin] < '0' || entry[ttl_begin] > '9') {
    return;
  }
  const std::string its_class = entry.substr(class_begin, class_end - class_begin);
  if (lower_case(its_class) == "in") {
    const std::string ttl = entry.substr(ttl_begin, ttl_end - ttl_begin);
    entry.replace(class_begin, ttl_end - class_begin, ttl + ' ' + its_class);
  }
}

// ldns takes a blank after a quoted last field, as CAA, URI and HINFO have, for another field.
void trim_end(std::string& entry) {
  const std::size_t end = entry.find_last_not_of(blanks) + 1;  // npos + 1 is 0
  const bool is_escaped = end > 0 && entry[end - 1] == '\\';
  entry.resize(std::min(entry.size(), is_escaped ? end + 1 : end));
}

// One entry in one line: no comments, no parentheses, no line ends.
class Entry {
 public:
  // False at the end of the entry.
  bool add(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (comment_ && c != '\n') {
      return true;
    } else if (c == '\n') {
      comment_ = false;
      text_ += ' ';
      return depth_ > 0;
    } else if (c == '"') {
      quoted_ = !quoted_;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (!quoted_ && c == ';') {
      comment_ = true;
      return true;
    } else if (!quoted_ && (c == '(' || c == ')')) {
      depth_ += c == '(' ? 1 : -1;
      c = ' ';
    }
    text_ += c;
    return true;
  }

  // Empty where nothing is.
  [[nodiscard]] std::string_view what_is_wrong() const {
    if (depth_ != 0) {
      return "a parenthesis without its other half";
    }
    if (quoted_) {
      return "a quote without its other half";
    }
    if (text_.contains('\0')) {
      return "a NUL octet";
    }
    return text_.size() > max_entry ? "a record too long" : "";
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  int depth_ = 0;
  bool quoted_ = false;
  bool escaped_ = false;
  bool comment_ = false;
};

}  // namespace

std::unexpected<MasterFileError> MasterFile::wrong(std::string message) const {
  return std::unexpected(MasterFileError{entry_line_, std::move(message)});
}

std::expected<LdnsRecord, MasterFileError> MasterFile::next() {
  while (!rest_.empty()) {
    std::expected<std::string, MasterFileError> entry = next_entry();
    if (!entry) {
      return std::unexpected(entry.error());
    }
    if (is_blank(*entry)) {
      continue;
    }
    if (entry->front() != '$') {
      return read_record(*std::move(entry));
    }
    if (!obey(*entry)) {
      return wrong("expected $ORIGIN with a name or $TTL with a time");
    }
  }
  return nullptr;
}

std::expected<std::string, MasterFileError> MasterFile::next_entry() {
  entry_line_ = line_;
  Entry entry;
  std::size_t size = 0;
  bool is_open = true;
  while (is_open && size < rest_.size()) {
    is_open = entry.add(rest_[size++]);
  }
  line_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, size), '\n'));
  rest_.remove_prefix(size);
  if (const std::string_view what = entry.what_is_wrong(); !what.empty()) {
    return wrong(std::string(what));
  }
  return entry.text();
}

std::expected<LdnsRecord, MasterFileError> MasterFile::read_record(std::string entry) {
  put_ttl_before_class(entry);
  trim_end(entry);
  ldns_rr* read = nullptr;
  ldns_rdf* owner = previous_owner_.release();
  const ldns_status status = ldns_rr_new_frm_str(&read, entry.c_str(), ttl_, origin_.get(), &owner);
  previous_owner_.reset(owner);
  if (status != LDNS_STATUS_OK) {
    return wrong(ldns_get_errorstr_by_id(status));
  }
  LdnsRecord record(read);
  if (ldns_rr_get_class(record.get()) != LDNS_RR_CLASS_IN) {
    return wrong("a class that is not IN");
  }
  if (ldns_rr_get_type(record.get()) == 0) {
    return wrong("an unknown record type");
  }
  return record;
}

bool MasterFile::obey(const std::string& directive) {
  const std::size_t keyword_end = std::min(directive.find_first_of(blanks), directive.size());
  const std::string_view keyword = std::string_view(directive).substr(0, keyword_end);
  std::string value = directive.substr(keyword_end);
  std::erase_if(value, [](char c) { return blanks.contains(c); });
  if (value.empty()) {
    return false;
  }
  if (keyword == "$TTL") {
    const char* end = nullptr;
    ttl_ = ldns_str2period(value.c_str(), &end);
    return *end == '\0';
  }
  if (keyword != "$ORIGIN") {
    return false;
  }
  LdnsName origin(ldns_dname_new_frm_str(value.c_str()));
  // RFC 1035 §5.1: a relative name, here too, counts from the origin before.
  if (origin && origin_ && !ldns_dname_str_absolute(value.c_str()) &&
      ldns_dname_cat(origin.get(), origin_.get()) != LDNS_STATUS_OK) {
    return false;
  }
  origin_ = std::move(origin);
  return origin_ != nullptr;
}

}  // namespace sekisho::dns
