#include "dns/codec.hpp"

#include "dns/ldns.hpp"
#include "dns/wire.hpp"

#include <algorithm>
#include <map>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace sekisho::dns {

namespace {

constexpr std::uint16_t class_in = 1;
constexpr std::uint16_t type_soa = 6;
constexpr std::uint16_t type_opt = 41;

// RFC 1035 §4.1.1
struct Header {
  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  std::uint16_t questions = 0;
  std::uint16_t answers = 0;
  std::uint16_t authorities = 0;
  std::uint16_t additionals = 0;

  [[nodiscard]] bool is_response() const { return (flags & 0x8000U) != 0; }
  [[nodiscard]] unsigned opcode() const { return flags >> 11U & 0xfU; }
  [[nodiscard]] bool is_truncated() const { return (flags & 0x0200U) != 0; }
  [[nodiscard]] bool is_authoritative() const { return (flags & 0x0400U) != 0; }
  [[nodiscard]] bool is_authentic() const { return (flags & 0x0020U) != 0; }
  [[nodiscard]] unsigned response_code() const { return flags & 0xfU; }
};

// A record without its owner and data, which follow in the packet.
struct RecordHeader {
  std::uint16_t type = 0;
  std::uint16_t its_class = 0;
  std::uint32_t ttl = 0;
  std::uint16_t length = 0;
};

Header read_header(WireReader& reader) {
  Header header;
  for (std::uint16_t* field : {&header.id, &header.flags, &header.questions, &header.answers,
                               &header.authorities, &header.additionals}) {
    *field = reader.u16();
  }
  return header;
}

RecordHeader read_record_header(WireReader& reader) {
  RecordHeader header;
  header.type = reader.u16();
  header.its_class = reader.u16();
  header.ttl = reader.u32();
  header.length = reader.u16();
  return header;
}

// RFC 2181 §8: the most significant bit set counts as zero.
std::chrono::seconds ttl_of(std::uint32_t ttl) {
  return std::chrono::seconds{ttl > INT32_MAX ? 0 : ttl};
}

bool is_asked(WireReader& reader, const Question& question) {
  const std::optional<std::string> name = reader.name();
  const std::uint16_t type = reader.u16();
  const std::uint16_t its_class = reader.u16();
  return !reader.failed() && name && lower_case(*name) == lower_case(question.name) &&
         type == type_number(question.type) && its_class == class_in;
}

// The three sections behind the question, read into what an answer may need of them.
class Sections {
 public:
  explicit Sections(const Question& question) : question_(question) {}

  // False where the packet is broken.
  bool read(WireReader& reader, const Header& header) {
    for (int i = 0; i < header.answers && !reader.failed(); ++i) {
      read_answer(reader);
    }
    for (int i = 0; i < header.authorities && !reader.failed(); ++i) {
      read_authority(reader);
    }
    for (int i = 0; i < header.additionals && !reader.failed(); ++i) {
      read_additional(reader);
    }
    return !reader.failed();
  }

  // RFC 1034 §3.6.2, RFC 6604 §3: the response code speaks of the last name in the chain.
  [[nodiscard]] Answer answer(bool is_name_error) {
    std::string name = lower_case(question_.name);
    auto ttl = std::chrono::seconds::max();
    for (std::size_t aliases = 0; aliases <= max_aliases; ++aliases) {
      if (const auto set = sets_.find(name); set != sets_.end() && !set->second.records.empty()) {
        Answer found = Answer::found(std::move(set->second.records));
        found.ttl = std::min(ttl, set->second.ttl);
        return found;
      }
      if (unreadable_.contains(name)) {
        return Answer::failed(Status::malformed);  // not none: there is something
      }
      const auto alias = aliases_.find(name);
      if (alias == aliases_.end()) {
        Answer none = Answer::failed(is_name_error ? Status::no_such_name : Status::no_data);
        none.ttl = std::min(ttl, negative_ttl_);
        return none;
      }
      ttl = std::min(ttl, alias->second.ttl);
      name = alias->second.target;
    }
    return Answer::failed(Status::server_failure);
  }

  // The upper eight bits of the response code (RFC 6891 §6.1.3).
  [[nodiscard]] unsigned extended_code() const { return extended_code_; }

 private:
  struct RecordSet {
    std::vector<Record> records;
    std::chrono::seconds ttl = std::chrono::seconds::max();
  };
  struct Alias {
    std::string target;
    std::chrono::seconds ttl{0};
  };

  void read_answer(WireReader& reader) {
    const std::optional<std::string> owner = reader.name();
    const RecordHeader header = read_record_header(reader);
    const std::optional<RecordType> type = type_of_number(header.type);
    const bool is_wanted = type == question_.type || type == RecordType::cname;
    if (!owner || !is_wanted || header.its_class != class_in) {
      reader.skip(header.length);
      return;
    }
    std::expected<Record, DataFault> record = read_record_data(reader, *type, header.length);
    const std::string name = lower_case(*owner);
    if (!record) {
      note_fault(name, record.error());
      return;
    }
    if (type == question_.type) {
      RecordSet& set = sets_[name];
      set.records.push_back(*std::move(record));
      set.ttl = std::min(set.ttl, ttl_of(header.ttl));
      return;
    }
    aliases_.try_emplace(name,
                         Alias{lower_case(std::get<HostName>(*record).name), ttl_of(header.ttl)});
  }

  // The others of its set are still good.
  void note_fault(const std::string& owner, DataFault fault) {
    switch (fault) {
      case DataFault::no_text_form:
        return;
      case DataFault::malformed:
        unreadable_.insert(owner);
        return;
    }
  }

  // RFC 2308 §5: the lesser of the SOA's own TTL and its MINIMUM. Without one, or with one that
  // cannot be read: not to be kept.
  void read_authority(WireReader& reader) {
    reader.skip_name();
    const RecordHeader header = read_record_header(reader);
    if (header.type != type_soa || header.its_class != class_in) {
      reader.skip(header.length);
      return;
    }
    WireReader data = reader;
    reader.skip(header.length);
    data.skip_name();
    data.skip_name();
    data.skip(4 * sizeof(std::uint32_t));
    const std::uint32_t minimum = data.u32();
    if (data.failed() || data.position() != reader.position()) {
      return;
    }
    negative_ttl_ = std::min(ttl_of(header.ttl), ttl_of(minimum));
  }

  void read_additional(WireReader& reader) {
    reader.skip_name();
    const RecordHeader header = read_record_header(reader);
    reader.skip(header.length);
    if (header.type == type_opt) {
      extended_code_ = header.ttl >> 24U;
    }
  }

  const Question& question_;
  std::map<std::string, RecordSet> sets_;  // by owner
  std::map<std::string, Alias> aliases_;   // by owner
  std::set<std::string> unreadable_;       // owners of records that are none
  std::chrono::seconds negative_ttl_{0};
  unsigned extended_code_ = 0;
};

Answer answer_of(WireReader& reader, const Header& header, const Question& question) {
  Sections sections(question);
  if (!sections.read(reader, header)) {
    return Answer::failed(Status::malformed);
  }
  if (sections.extended_code() != 0) {
    return Answer::failed(Status::server_failure);
  }
  Answer answer = sections.answer(header.response_code() == LDNS_RCODE_NXDOMAIN);
  answer.authentic = header.is_authentic();
  answer.authoritative = header.is_authoritative();
  return answer;
}

}  // namespace

std::vector<std::uint8_t> encode_query(const Question& question, std::uint16_t id,
                                       QueryFlags flags) {
  const std::vector<std::uint8_t> name = encode_name(question.name).value();
  const LdnsPacket packet(
      ldns_pkt_query_new(ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, name.size(), name.data()),
                         static_cast<ldns_rr_type>(type_number(question.type)), LDNS_RR_CLASS_IN,
                         static_cast<std::uint16_t>(flags.want_recursion ? LDNS_RD : 0)));
  std::uint8_t* wire = nullptr;
  std::size_t size = 0;
  if (packet) {
    ldns_pkt_set_id(packet.get(), id);
    ldns_pkt_set_ad(packet.get(), flags.want_authentic);
    ldns_pkt_set_edns_udp_size(packet.get(), udp_payload_size);
  }
  if (!packet || ldns_pkt2wire(&wire, packet.get(), &size) != LDNS_STATUS_OK) {
    throw std::bad_alloc();  // nothing else can fail here
  }
  const CPtr<std::uint8_t, &std::free> owner(wire);
  return {wire, wire + size};
}

std::expected<Answer, NoAnswer> decode_answer(std::span<const std::uint8_t> packet,
                                              const Question& question, std::uint16_t id) {
  WireReader reader(packet);
  const Header header = read_header(reader);
  if (reader.failed() || header.id != id || !header.is_response() || header.opcode() != 0) {
    return std::unexpected(NoAnswer::foreign);
  }
  // A server in trouble may leave out the question.
  const bool has_failed =
      header.response_code() != LDNS_RCODE_NOERROR && header.response_code() != LDNS_RCODE_NXDOMAIN;
  const bool may_lack_question = has_failed && header.questions == 0;
  if (!may_lack_question && (header.questions != 1 || !is_asked(reader, question))) {
    return std::unexpected(NoAnswer::foreign);
  }
  if (has_failed) {
    return Answer::failed(header.response_code() == LDNS_RCODE_REFUSED ? Status::refused
                                                                       : Status::server_failure);
  }
  if (header.is_truncated()) {
    return std::unexpected(NoAnswer::truncated);
  }
  return answer_of(reader, header, question);
}

}  // namespace sekisho::dns
