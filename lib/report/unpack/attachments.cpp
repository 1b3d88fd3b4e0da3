#include "report/unpack/attachments.hpp"

#include "c_ptr.hpp"
#include "mail/ascii.hpp"
#include "report/printable.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include <gmime/gmime.h>

namespace sekisho::report {

namespace {

template <typename T>
using GObjectPtr = CPtr<T, &g_object_unref>;

void start_gmime() {
  static std::once_flag started;
  std::call_once(started, [] { g_mime_init(); });
}

std::string_view view(const char* text) {
  return text == nullptr ? std::string_view{} : text;
}

bool has_extension(std::string_view name) {
  constexpr std::string_view extensions[] = {".xml", ".gz", ".zip", ".json"};
  const std::string lower = mail::to_lower(name);
  return std::ranges::any_of(extensions, [&](std::string_view e) { return lower.ends_with(e); });
}

// The types of RFC 9990 §3.5.2 and RFC 8460 §5.3, and others that are met.
bool is_report_type(std::string_view type) {
  constexpr std::string_view types[] = {"application/gzip",
                                        "application/x-gzip",
                                        "application/zip",
                                        "application/x-zip",
                                        "application/x-zip-compressed",
                                        "application/xml",
                                        "text/xml",
                                        "application/tlsrpt+json",
                                        "application/tlsrpt+gzip",
                                        "application/x-gunzip"};
  return std::ranges::find(types, type) != std::end(types);
}

std::string type_of(GMimeObject* object) {
  GMimeContentType* const type = g_mime_object_get_content_type(object);
  if (type == nullptr) {
    return "text/plain";
  }
  const std::string_view media = view(g_mime_content_type_get_media_type(type));
  const std::string_view subtype = view(g_mime_content_type_get_media_subtype(type));
  return mail::to_lower(std::string(media).append("/").append(subtype));
}

constexpr std::string_view too_many_parts = "too many parts, or too deep in one another";

// Wherever they stand: to know more of them takes the parser that they are to be kept from.
std::size_t count_boundaries(std::string_view octets) {
  constexpr std::string_view name = "boundary";
  std::size_t count = 0;
  for (std::size_t place = octets.find_first_of("bB"); place != octets.npos;
       place = octets.find_first_of("bB", place + 1)) {
    count += mail::equals_ignoring_case(octets.substr(place, name.size()), name) ? 1 : 0;
  }
  return count;
}

/// Walks the parts of one mail, by a list and not by recursion.
class PartWalk {
 public:
  MailContent walk(GMimeMessage* message) {
    push(g_mime_message_get_mime_part(message), 0);
    while (!open_.empty() && content_.problem.empty()) {
      const auto [object, depth] = open_.back();
      open_.pop_back();
      if (++parts_ > max_mail_parts || depth > max_mail_depth) {
        content_.problem = too_many_parts;
        break;
      }
      visit(object, depth);
    }
    return std::move(content_);
  }

 private:
  struct Open {
    GMimeObject* object;
    std::size_t depth;
  };

  void push(GMimeObject* object, std::size_t depth) {
    if (object != nullptr) {
      open_.push_back({object, depth});
    }
  }

  void visit(GMimeObject* object, std::size_t depth) {
    if (GMIME_IS_MULTIPART(object)) {
      auto* const multipart = GMIME_MULTIPART(object);
      // Backwards, so that the first comes off the list first.
      for (int i = g_mime_multipart_get_count(multipart); i > 0; --i) {
        push(g_mime_multipart_get_part(multipart, i - 1), depth + 1);
      }
      return;
    }
    if (GMIME_IS_MESSAGE_PART(object)) {
      GMimeMessage* const inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
      push(inner == nullptr ? nullptr : g_mime_message_get_mime_part(inner), depth + 1);
      return;
    }
    if (GMIME_IS_PART(object)) {
      take(GMIME_PART(object));
    }
  }

  void take(GMimePart* part) {
    constexpr std::size_t max_name = 255;
    const std::string type = type_of(GMIME_OBJECT(part));
    const std::string name = printable(view(g_mime_part_get_filename(part)), max_name);
    const bool is_announced = is_report_type(type) || has_extension(name);
    if (!is_announced && type != "application/octet-stream") {
      return;
    }
    GMimeDataWrapper* const data = g_mime_part_get_content(part);
    if (data == nullptr) {
      return;
    }
    content_.attachments.push_back(
        {.name = name, .octets = decoded(data), .is_announced = is_announced});
  }

  static std::string decoded(GMimeDataWrapper* data) {
    const GObjectPtr<GMimeStream> memory(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(data, memory.get());
    const GByteArray* const octets =
        g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    return {reinterpret_cast<const char*>(octets->data), octets->len};
  }

  std::vector<Open> open_;
  std::size_t parts_ = 0;
  MailContent content_;
};

}  // namespace

MailContent read_mail(std::string_view octets) {
  if (count_boundaries(octets) > max_mail_boundaries) {
    return {.attachments = {}, .problem = std::string(too_many_parts)};
  }
  start_gmime();
  const GObjectPtr<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(octets.data(), octets.size()));
  const GObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const GObjectPtr<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) {
    return {.attachments = {}, .problem = "not a mail"};
  }
  return PartWalk().walk(message.get());
}

}  // namespace sekisho::report
