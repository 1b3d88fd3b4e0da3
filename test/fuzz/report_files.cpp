// Archives, mails and mailboxes, down to the octets of the reports in them.
#include "report/import/archive.hpp"
#include "report/import/feedback_reader.hpp"
#include "report/import/mailbox.hpp"
#include "report/import/mime.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace sekisho::report::format;
using namespace sekisho::report::import;

void read_mail(const std::string& mail) {
  const MimeMessage message = read_mime(mail);
  if (message.parts.size() > max_mail_parts) {
    std::abort();
  }
  for (const MimePart& part : message.parts) {
    const std::string octets = decode(part);
    if (octets.size() > part.body.size() || !octets.starts_with(decode_beginning(part, 10))) {
      std::abort();
    }
  }
  static_cast<void>(read_feedback(message));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
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
  read_mail(octets);
  MailboxFile mailbox(source_of(octets), size);
  for (;;) {
    const auto message = mailbox.next();
    if (!message || !*message) {
      break;
    }
    read_mail((*message)->octets);
  }
  return 0;
}
