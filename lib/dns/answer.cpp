#include "dns/answer.hpp"

namespace sekisho::dns {

std::string_view format_status(Status status) {
  switch (status) {
    case Status::found:
      return "found";
    case Status::no_data:
      return "no data";
    case Status::no_such_name:
      return "no such name";
    case Status::server_failure:
      return "server failure";
    case Status::refused:
      return "refused";
    case Status::timeout:
      return "time-out";
    case Status::malformed:
      return "malformed";
    case Status::over_limit:
      return "look-up limit reached";
  }
  std::unreachable();
}

std::string_view format_type(RecordType type) {
  switch (type) {
    case RecordType::a:
      return "A";
    case RecordType::aaaa:
      return "AAAA";
    case RecordType::mx:
      return "MX";
    case RecordType::txt:
      return "TXT";
    case RecordType::ptr:
      return "PTR";
    case RecordType::cname:
      return "CNAME";
    case RecordType::ns:
      return "NS";
    case RecordType::soa:
      return "SOA";
    case RecordType::tlsa:
      return "TLSA";
    case RecordType::caa:
      return "CAA";
    case RecordType::ds:
      return "DS";
    case RecordType::dnskey:
      return "DNSKEY";
    case RecordType::spf:
      return "SPF";
  }
  std::unreachable();
}

}  // namespace sekisho::dns
