#include "report/mailer/mail_draft.hpp"

#include "c_ptr.hpp"
#include "mail/ascii.hpp"
#include "report/format/printable.hpp"
#include "report/recipients/destination.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <string_view>

#include <gmime/gmime.h>

namespace sekisho::report::mailer {

namespace {

template <typename T>
using GObjectPtr = CPtr<T, &g_object_unref>;
using FormatOptions = CPtr<GMimeFormatOptions, &g_mime_format_options_free>;
using Time = CPtr<GDateTime, &g_date_time_unref>;

constexpr std::size_t max_text = 998;  // RFC 5322 §2.1.1

void start_gmime() {
  static std::once_flag started;
  std::call_once(started, [] { g_mime_init(); });
}

bool has_short_lines(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (text.substr(0, end).size() > max_text) {
      return false;
    }
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return true;
}

GMimeContentEncoding encoding_of(const MailPart& part) {
  const bool text = part.type.starts_with("text/");
  if (!text && !part.type.starts_with("message/")) {
    return GMIME_CONTENT_ENCODING_BASE64;
  }
  const bool ascii = std::ranges::none_of(part.content, mail::is_eight_bit);
  if (ascii && has_short_lines(part.content)) {
    return GMIME_CONTENT_ENCODING_7BIT;
  }
  // RFC 2046 §5.2.1: message/* has no encoding of its own.
  return text ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE : GMIME_CONTENT_ENCODING_8BIT;
}

// token (RFC 2045 §5.1)
bool is_token_character(char c) {
  return mail::is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`{|}~").contains(c);
}

void set_raw(GMimeObject* object, const char* name, const std::string& value) {
  GMimeHeader* const field =
      g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
  g_mime_header_set_raw_value(field, (' ' + value + '\n').c_str());
}

// `text` in lines of 78 columns where its words let it (RFC 5322 §2.1.1), which have to be short
// enough for a line; nullopt where it has to be encoded (RFC 2047).
std::optional<std::string> folded(std::string_view name, std::string_view text) {
  constexpr std::size_t columns = 78;
  std::string value;
  std::size_t column = name.size() + 1;  // and its colon
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    const bool is_plain = std::ranges::none_of(word, mail::is_eight_bit) && !word.contains("=?");
    if (!is_plain || word.size() > max_text - columns) {
      return std::nullopt;
    }
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const bool breaks = !value.empty() && column + 1 + word.size() > columns;
    column = breaks ? 0 : column;
    value.append(value.empty() ? "" : breaks ? "\n " : " ").append(word);
    column += 1 + word.size();
  }
  return value;
}

// GMime encodes words that are longer than a line, as domains may be; RFC 9990 §3.5.2 has them as
// they are.
void set_subject(GMimeMessage* message, const std::string& draft) {
  const std::string subject = format::printable(draft, max_text);
  g_mime_message_set_subject(message, subject.c_str(), "utf-8");
  if (const auto plain = folded("Subject", subject)) {
    set_raw(GMIME_OBJECT(message), "Subject", *plain);
  }
}

// GMime would continue a long name by RFC 2231 §3, which few readers of reports understand.
void set_file_name(GMimeObject* object, const MailPart& part) {
  std::string name = part.file_name;
  std::ranges::replace_if(name, std::not_fn(is_token_character), '_');
  g_mime_object_set_disposition(object, GMIME_DISPOSITION_ATTACHMENT);
  set_raw(object, "Content-Type", part.type + ";\n\tname=\"" + name + '"');
  set_raw(object, "Content-Disposition", "attachment;\n\tfilename=\"" + name + '"');
}

GObjectPtr<GMimePart> make_part(const MailPart& part) {
  const auto slash = part.type.find('/');
  GObjectPtr<GMimePart> made(g_mime_part_new_with_type(part.type.substr(0, slash).c_str(),
                                                       part.type.substr(slash + 1).c_str()));
  const GObjectPtr<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(part.content.data(), part.content.size()));
  const GObjectPtr<GMimeDataWrapper> content(
      g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
  g_mime_part_set_content(made.get(), content.get());
  g_mime_part_set_content_encoding(made.get(), encoding_of(part));
  if (part.type == "text/plain") {
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(made.get()), "charset", "utf-8");
  }
  if (!part.file_name.empty()) {
    set_file_name(GMIME_OBJECT(made.get()), part);
  }
  return made;
}

// "=_" stands neither in base64 nor in quoted-printable, and the rest is not known to who wrote
// what is quoted here before the mail is made.
std::string boundary_of(const MailDraft& draft) {
  std::string boundary = "=_";
  std::ranges::copy_if(draft.message_id, std::back_inserter(boundary), mail::is_alphanumeric);
  constexpr std::size_t max_boundary = 60;  // 70 in RFC 2046 §5.1.1
  return boundary.substr(0, max_boundary);
}

GObjectPtr<GMimeMultipart> make_body(const MailDraft& draft) {
  const bool feedback = draft.structure == Structure::feedback_report;
  GObjectPtr<GMimeMultipart> body(g_mime_multipart_new_with_subtype(feedback ? "report" : "mixed"));
  if (feedback) {
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(body.get()), "report-type",
                                             "feedback-report");
  }
  g_mime_multipart_set_boundary(body.get(), boundary_of(draft).c_str());
  for (const MailPart& part : draft.parts) {
    g_mime_multipart_add(body.get(), GMIME_OBJECT(make_part(part).get()));
  }
  return body;
}

GObjectPtr<GMimeMessage> make_message(const MailDraft& draft) {
  GObjectPtr<GMimeMessage> message(g_mime_message_new(TRUE));
  const std::string name = format::printable(draft.from_name, max_text);
  g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_FROM,
                             name.empty() ? nullptr : name.c_str(), draft.from.c_str());
  for (const std::string& address : draft.to) {
    g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_TO, nullptr, address.c_str());
  }
  set_subject(message.get(), draft.subject);
  const Time date(g_date_time_new_from_unix_utc(draft.date.time_since_epoch().count()));
  g_mime_message_set_date(message.get(), date.get());
  g_mime_message_set_message_id(message.get(), draft.message_id.c_str());
  auto* const object = GMIME_OBJECT(message.get());
  g_mime_object_set_header(object, "Auto-Submitted", "auto-generated", nullptr);
  g_mime_object_set_header(object, "MIME-Version", "1.0", nullptr);
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(make_body(draft).get()));
  return message;
}

std::string text_of(GMimeMessage* message) {
  const FormatOptions options(g_mime_format_options_new());
  g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
  const GObjectPtr<GMimeStream> stream(g_mime_stream_mem_new());
  g_mime_object_write_to_stream(GMIME_OBJECT(message), options.get(), stream.get());
  const GByteArray* const octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(octets->data), octets->len};
}

}  // namespace

std::expected<std::string, std::string> compose(const MailDraft& draft) {
  std::vector<std::string> addresses = draft.to;
  addresses.push_back(draft.from);
  addresses.push_back(draft.message_id);
  for (const std::string& address : addresses) {
    if (!recipients::is_plain_address(address)) {
      return std::unexpected("not a plain address: " + format::printable(address, max_text));
    }
  }
  start_gmime();
  return text_of(make_message(draft).get());
}

}  // namespace sekisho::report::mailer
