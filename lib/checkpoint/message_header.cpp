#include "checkpoint/message_header.hpp"

namespace sekisho::checkpoint {

MessageHeader::MessageHeader(const std::string& authserv_id, const std::string& host_name)
    : forged_(authserv_id, host_name) {
  constexpr std::size_t usual_fields = 32;
  fields_.reserve(usual_fields);
}

void MessageHeader::add(mail::HeaderField field, const Limits& limits) {
  constexpr std::size_t punctuation = 3;  // a colon and CRLF
  octets_ += field.name.size() + field.value.size() + punctuation;
  if (octets_ > limits.header_octets || fields_.size() >= limits.header_fields) {
    is_whole_ = false;
    forged_.note_unread(field);
    return;
  }
  forged_.note(field);
  fields_.push_back(std::move(field));
}

mail::Author MessageHeader::author(const Limits& limits) const {
  if (!is_whole_) {
    // What was dropped may hold a second From field, so nothing can be said of the author.
    return mail::without_domain(mail::AuthorStatus::header_too_large,
                                mail::FromFault::header_too_large);
  }
  return mail::find_author(fields_,
                           {.mailboxes = limits.addresses, .comment_depth = limits.comment_depth});
}

}  // namespace sekisho::checkpoint
