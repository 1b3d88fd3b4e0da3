// Archives, mails and mailboxes, down to the octets of the reports in them.
#include "report/unpack/archive.hpp"
#include "report/unpack/attachments.hpp"
#include "report/unpack/mailbox.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::report;
  const std::string octets(data, data + size);
  ExpansionBudget budget(size);
  Archive archive(octets, budget);
  for (;;) {
    const auto member = archive.next();
    if (!member || !*member) {
      break;
    }
    static_cast<void>(read_all((*member)->octets, std::size_t{1} << 20U));
  }
  static_cast<void>(read_mail(octets));
  Mailbox mailbox(source_of(octets), size);
  for (;;) {
    const auto message = mailbox.next();
    if (!message || !*message) {
      break;
    }
    static_cast<void>(read_mail((*message)->octets));
  }
  return 0;
}
