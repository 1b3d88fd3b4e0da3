#include "report/mailer/smtp_mailer.hpp"

#include "c_ptr.hpp"
#include "report/format/printable.hpp"

#include <new>
#include <stdexcept>
#include <utility>

#include <curl/curl.h>

namespace sekisho::report::mailer {

namespace {

using Handle = CPtr<CURL, &curl_easy_cleanup>;
using List = CPtr<curl_slist, &curl_slist_free_all>;

constexpr std::size_t max_reply = 500;

// One mail on its way: what is still to be sent, and how far the dialogue has come.
struct Transfer {
  std::string_view unread;
  std::string command;  ///< The last one but QUIT, its first word.
  std::string reply;    ///< The last line of the smarthost's answer to it.
  bool over = false;    ///< QUIT was said.
};

std::string first_word(std::string_view line) {
  return std::string(line.substr(0, line.find_first_of(" \r\n")));
}

std::size_t read_mail(char* buffer, std::size_t size, std::size_t count, void* pointer) {
  std::string_view& unread = static_cast<Transfer*>(pointer)->unread;
  const std::size_t copied = unread.copy(buffer, size * count);
  unread.remove_prefix(copied);
  return copied;
}

// libcurl shows the dialogue to who wants to debug it, and to nobody else.
int follow_dialogue(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size,
                    void* pointer) {
  auto& transfer = *static_cast<Transfer*>(pointer);
  try {
    if (type == CURLINFO_HEADER_OUT) {
      const std::string command = first_word({data, size});
      transfer.over = command == "QUIT";
      if (!transfer.over) {
        transfer.command = command;
        transfer.reply.clear();
      }
    }
    if (type == CURLINFO_HEADER_IN && !transfer.over) {
      transfer.reply = format::printable({data, size}, max_reply);
    }
  } catch (const std::bad_alloc&) {
    transfer.command.clear();  // nothing may be thrown through libcurl; the mail is sent again
  }
  return 0;
}

long use_ssl(Tls tls) {
  switch (tls) {
    case Tls::never:
      return CURLUSESSL_NONE;
    case Tls::offered:
      return CURLUSESSL_TRY;
    case Tls::required:
      return CURLUSESSL_ALL;
  }
  std::unreachable();
}

std::string describe(const Transfer& transfer, CURLcode code) {
  if (transfer.reply.empty()) {
    return curl_easy_strerror(code);
  }
  return transfer.reply + (transfer.command.empty() ? "" : " (to " + transfer.command + ")");
}

// A reply to MAIL is about the sender or the session, but for a mail that is too large.
DeliveryStatus status_of(const Transfer& transfer, long reply) {
  constexpr long exceeded_size = 552;
  constexpr long permanent = 5;
  const bool is_final = reply / 100 == permanent && !transfer.reply.empty();
  if (transfer.command == "RCPT") {
    return is_final ? DeliveryStatus::refused : DeliveryStatus::deferred;
  }
  if (transfer.command == "DATA" || reply == exceeded_size) {
    return is_final ? DeliveryStatus::rejected : DeliveryStatus::deferred;
  }
  return DeliveryStatus::unreachable;
}

}  // namespace

std::string_view format_delivery_status(DeliveryStatus status) {
  switch (status) {
    case DeliveryStatus::sent:
      return "sent";
    case DeliveryStatus::deferred:
      return "deferred";
    case DeliveryStatus::refused:
      return "refused";
    case DeliveryStatus::rejected:
      return "rejected";
    case DeliveryStatus::unreachable:
      return "unreachable";
  }
  std::unreachable();
}

class SmtpMailer::Session {
 public:
  explicit Session(const SmtpOptions& options) : handle_(curl_easy_init()) {
    if (!handle_) {
      throw std::bad_alloc();
    }
    set(CURLOPT_URL, ("smtp://" + options.smarthost + '/' + options.helo).c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp");
    set(CURLOPT_PROXY, "");  // whatever the environment says
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT, static_cast<long>(options.timeout.count()));
    set(CURLOPT_USE_SSL, use_ssl(options.tls));
    set(CURLOPT_SSL_VERIFYPEER, options.tls == Tls::required ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, options.tls == Tls::required ? 2L : 0L);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &read_mail);
    set(CURLOPT_DEBUGFUNCTION, &follow_dialogue);
  }

  Delivery send(const std::string& sender, const std::string& recipient, std::string_view mail) {
    Transfer transfer{.unread = mail, .command = "", .reply = "", .over = false};
    const List recipients(curl_slist_append(nullptr, ('<' + recipient + '>').c_str()));
    if (!recipients) {
      throw std::bad_alloc();
    }
    set(CURLOPT_MAIL_FROM, ('<' + sender + '>').c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.size()));
    set(CURLOPT_READDATA, &transfer);
    set(CURLOPT_DEBUGDATA, &transfer);
    set(CURLOPT_VERBOSE, 1L);
    const CURLcode code = curl_easy_perform(handle_.get());
    // The session outlives the transfer and the list, and says QUIT to nobody who listens.
    set(CURLOPT_VERBOSE, 0L);
    set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
    return outcome(transfer, code);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(handle_.get(), option, value); code != CURLE_OK) {
      throw std::runtime_error(std::string("libcurl: ").append(curl_easy_strerror(code)));
    }
  }

  Delivery outcome(const Transfer& transfer, CURLcode code) {
    if (code == CURLE_OK) {
      return {DeliveryStatus::sent, transfer.reply};
    }
    long reply = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &reply);
    return {status_of(transfer, reply), describe(transfer, code)};
  }

  Handle handle_;
};

SmtpMailer::SmtpMailer(const SmtpOptions& options) : session_(std::make_unique<Session>(options)) {}

SmtpMailer::~SmtpMailer() = default;

Delivery SmtpMailer::send(const std::string& sender, const std::string& recipient,
                          std::string_view mail) {
  return session_->send(sender, recipient, mail);
}

}  // namespace sekisho::report::mailer
