#include "dns/zone_file.hpp"

#include "dns/master_file.hpp"
#include "dns/wire.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace sekisho::dns {

namespace {

struct RecordSet {
  std::vector<Record> records;
  std::chrono::seconds ttl = std::chrono::seconds::max();
};

using Node = std::map<RecordType, RecordSet>;

std::string_view parent_of(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

std::span<const std::uint8_t> octets_of(const ldns_rdf& field) {
  return {ldns_rdf_data(&field), ldns_rdf_size(&field)};
}

std::optional<Record> read_value(const ldns_rr& record, RecordType type) {
  std::vector<std::uint8_t> data;
  for (std::size_t i = 0; i < ldns_rr_rd_count(&record); ++i) {
    std::ranges::copy(octets_of(*ldns_rr_rdf(&record, i)), std::back_inserter(data));
  }
  WireReader reader{data};
  auto value = read_record_data(reader, type, data.size());
  return value ? std::optional(*std::move(value)) : std::nullopt;
}

}  // namespace

struct ZoneFile::Names {
  // By lower-case name. A name that only has others below it is here too, with no records
  // (RFC 4592 §2.2.2).
  std::map<std::string, Node, std::less<>> nodes;

  Node& add_name(std::string_view owner);
  // False where the record has no form that could be asked for.
  bool add(const ldns_rr& record);
  // Null where the name does not exist.
  [[nodiscard]] const Node* find(std::string_view name) const;
  [[nodiscard]] Answer answer(const Question& question) const;
};

Node& ZoneFile::Names::add_name(std::string_view owner) {
  const std::string name = lower_case(owner);
  for (std::string_view above = name; !above.empty();) {
    above = parent_of(above);
    nodes.try_emplace(std::string(above));
  }
  return nodes[name];
}

bool ZoneFile::Names::add(const ldns_rr& record) {
  const std::optional<std::string> owner = WireReader(octets_of(*ldns_rr_owner(&record))).name();
  if (!owner) {
    return false;
  }
  Node& node = add_name(*owner);
  const std::optional<RecordType> type =
      type_of_number(static_cast<std::uint16_t>(ldns_rr_get_type(&record)));
  if (!type) {
    return true;  // of other types only the name counts
  }
  std::optional<Record> value = read_value(record, *type);
  if (!value) {
    return false;
  }
  RecordSet& set = node[*type];
  set.records.push_back(*std::move(value));
  set.ttl = std::min(set.ttl, std::chrono::seconds{ldns_rr_ttl(&record)});
  return true;
}

const Node* ZoneFile::Names::find(std::string_view name) const {
  if (const auto exact = nodes.find(name); exact != nodes.end()) {
    return &exact->second;
  }
  // RFC 4592 §3.3.1: the source of synthesis is the asterisk below the closest encloser, that is
  // below the longest name above this one that exists.
  while (!name.empty()) {
    name = parent_of(name);
    if (nodes.contains(name)) {
      const auto wildcard = nodes.find(name.empty() ? "*" : "*." + std::string(name));
      return wildcard == nodes.end() ? nullptr : &wildcard->second;
    }
  }
  return nullptr;
}

Answer ZoneFile::Names::answer(const Question& question) const {
  if (!encode_name(question.name)) {
    return Answer::failed(Status::malformed);
  }
  std::string name = lower_case(question.name);
  auto ttl = std::chrono::seconds::max();
  for (std::size_t aliases = 0; aliases <= max_aliases; ++aliases) {
    const Node* node = find(name);
    if (node == nullptr) {
      return Answer::failed(Status::no_such_name);
    }
    if (const auto set = node->find(question.type); set != node->end()) {
      Answer found = Answer::found(set->second.records);
      found.ttl = std::min(ttl, set->second.ttl);
      return found;
    }
    const auto alias = node->find(RecordType::cname);
    if (alias == node->end()) {
      return Answer::failed(Status::no_data);
    }
    ttl = std::min(ttl, alias->second.ttl);
    name = lower_case(std::get<HostName>(alias->second.records.front()).name);
  }
  return Answer::failed(Status::server_failure);
}

std::expected<std::unique_ptr<ZoneFile>, ZoneFileError> ZoneFile::load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && file.peek() != std::ifstream::traits_type::eof()) {
    text << file.rdbuf();
  }
  if (!file.is_open() || file.bad() || !text) {  // bad: a folder, for one
    return std::unexpected(
        ZoneFileError{path + ": cannot be read: " + std::generic_category().message(errno)});
  }
  return parse(text.str(), path);
}

std::expected<std::unique_ptr<ZoneFile>, ZoneFileError> ZoneFile::parse(
    std::string_view text, const std::string& shown_path) {
  const auto wrong = [&](std::size_t line, const std::string& message) {
    return std::unexpected(ZoneFileError{shown_path + ":" + std::to_string(line) + ": " + message});
  };
  auto names = std::make_unique<Names>();
  MasterFile file(text);
  while (true) {
    const std::expected<LdnsRecord, MasterFileError> record = file.next();
    if (!record) {
      return wrong(record.error().line, record.error().message);
    }
    if (!*record) {
      return std::unique_ptr<ZoneFile>(new ZoneFile(std::move(names)));
    }
    if (!names->add(**record)) {
      return wrong(file.line(),
                   "a name with a dot inside a label, or data not of the record's type");
    }
  }
}

ZoneFile::ZoneFile(std::unique_ptr<Names> names) : names_(std::move(names)) {}

ZoneFile::~ZoneFile() = default;

Pending<Answer> ZoneFile::lookup(Question question, Deadline /*deadline*/) {
  return Pending<Answer>::ready(names_->answer(question));
}

std::vector<std::string> ZoneFile::names() const {
  std::vector<std::string> names;
  for (const auto& [name, node] : names_->nodes) {
    if (!node.empty()) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace sekisho::dns
