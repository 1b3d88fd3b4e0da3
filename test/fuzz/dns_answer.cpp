// Whatever a server sends, it is foreign, truncated, or an answer that keeps to the question. The
// first octet of the input chooses the type; the rest is the packet.
#include "dns/codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <variant>

using namespace sekisho::dns;

namespace {

bool is_of_type(const Record& record, RecordType type) {
  switch (type) {
    case RecordType::a:
      return std::holds_alternative<IpAddress>(record) && std::get<IpAddress>(record).is_v4();
    case RecordType::aaaa:
      return std::holds_alternative<IpAddress>(record) && std::get<IpAddress>(record).is_v6();
    case RecordType::mx:
      return std::holds_alternative<MailExchange>(record);
    case RecordType::txt:
    case RecordType::spf:
      return std::holds_alternative<Text>(record);
    case RecordType::ptr:
    case RecordType::cname:
    case RecordType::ns:
      return std::holds_alternative<HostName>(record);
    case RecordType::soa:
      return std::holds_alternative<StartOfAuthority>(record);
    case RecordType::tlsa:
      return std::holds_alternative<CertificateAssociation>(record);
    case RecordType::caa:
      return std::holds_alternative<CertificateAuthority>(record);
    case RecordType::ds:
      return std::holds_alternative<DelegationSigner>(record);
    case RecordType::dnskey:
      return std::holds_alternative<ZoneKey>(record);
  }
  return false;
}

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const auto type = static_cast<RecordType>(data[0] % record_type_count);
  const auto answer = decode_answer({data + 1, size - 1}, {"www.example.org", type}, 0x1234);
  if (!answer) {
    return 0;
  }
  require((answer->status == Status::found) == (answer->records != nullptr));
  if (answer->records) {
    require(!answer->records->empty());
    for (const Record& record : *answer->records) {
      require(is_of_type(record, type));
    }
  }
  return 0;
}
