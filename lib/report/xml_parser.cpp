#include "report/xml_parser.hpp"

#include "c_ptr.hpp"
#include "report/printable.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <utility>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

namespace sekisho::report {

namespace {

using Context = CPtr<xmlParserCtxt, &xmlFreeParserCtxt>;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

/// The ear that libxml2 speaks to. It holds the limits, and stops the parser at the first of them
/// that is reached; no exception leaves it through libxml2's frames.
class Listener {
 public:
  Listener(const XmlLimits& limits, XmlEvents& events) : limits_(limits), events_(events) {}

  void attach(xmlParserCtxtPtr context) { context_ = context; }

  void begin(const xmlChar* name, const xmlChar* name_space) {
    text_.clear();
    if (++depth_ > limits_.depth) {
      stop("elements are nested too deeply");
      return;
    }
    events_.begin(view(name), view(name_space));
  }

  void end() {
    --depth_;
    if (const auto done = events_.end(std::exchange(text_, {})); !done) {
      stop(done.error());
    }
  }

  void characters(std::string_view text) {
    text_ += text.substr(0, limits_.text_octets - std::min(limits_.text_octets, text_.size()));
  }

  void stop(std::string why) {
    if (!error_) {
      error_ = std::move(why);
    }
    xmlStopParser(context_);
  }

  void stop(std::exception_ptr thrown) {
    thrown_ = std::move(thrown);
    xmlStopParser(context_);
  }

  void rethrow() {
    if (thrown_) {
      std::rethrow_exception(std::exchange(thrown_, nullptr));
    }
  }
  [[nodiscard]] const std::optional<std::string>& error() const { return error_; }

 private:
  XmlLimits limits_;
  XmlEvents& events_;
  xmlParserCtxtPtr context_ = nullptr;
  std::size_t depth_ = 0;
  std::string text_;
  std::optional<std::string> error_;
  std::exception_ptr thrown_;
};

template <typename Action>
void guarded(void* user, Action&& action) noexcept {
  auto& listener = *static_cast<Listener*>(user);
  try {
    action(listener);
  } catch (...) {
    listener.stop(std::current_exception());
  }
}

void on_begin(void* user, const xmlChar* name, const xmlChar* /*prefix*/, const xmlChar* uri,
              int /*namespaces*/, const xmlChar** /*declared*/, int /*attributes*/,
              int /*defaulted*/, const xmlChar** /*values*/) {
  guarded(user, [&](Listener& listener) { listener.begin(name, uri); });
}

void on_end(void* user, const xmlChar* /*name*/, const xmlChar* /*prefix*/,
            const xmlChar* /*uri*/) {
  guarded(user, [](Listener& listener) { listener.end(); });
}

void on_characters(void* user, const xmlChar* text, int size) {
  guarded(user, [&](Listener& listener) {
    listener.characters(
        {reinterpret_cast<const char*>(text), static_cast<std::size_t>(std::max(size, 0))});
  });
}

// Before anything of a document type is read: without one there are no entities to expand and no
// external files to fetch.
void on_document_type(void* user, const xmlChar* /*name*/, const xmlChar* /*external_id*/,
                      const xmlChar* /*system_id*/) {
  guarded(user, [](Listener& listener) {
    listener.stop("a document type (DOCTYPE) has no place in a report");
  });
}

void on_error(void* /*user*/, xmlErrorPtr /*error*/) {}  // asked for afterwards; not to be printed

xmlSAXHandler handler() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.internalSubset = on_document_type;
  sax.startElementNs = on_begin;
  sax.endElementNs = on_end;
  sax.characters = on_characters;
  sax.cdataBlock = on_characters;
  sax.serror = on_error;
  return sax;
}

std::string last_error(xmlParserCtxt& context, std::ptrdiff_t lines_before) {
  constexpr std::size_t max_message = 200;
  const xmlError* const error = xmlCtxtGetLastError(&context);
  if (error == nullptr || error->message == nullptr) {
    return "not well-formed XML";
  }
  return "line " + std::to_string(lines_before + error->line) + ": " +
         printable(error->message, max_message);
}

/// A document on its way through libxml2's push parser.
class Reading {
 public:
  Reading(const XmlLimits& limits, XmlEvents& events)
      : listener_(limits, events),
        sax_(handler()),
        context_(xmlCreatePushParserCtxt(&sax_, &listener_, nullptr, 0, nullptr)) {
    if (!context_) {
      throw std::bad_alloc();
    }
    xmlCtxtUseOptions(context_.get(), XML_PARSE_NONET);
    listener_.attach(context_.get());
  }

  /// An empty chunk is the end.
  std::expected<void, std::string> parse(std::string_view chunk) {
    const bool last = chunk.empty();
    if (!begun_) {
      chunk = without_leading_blanks(chunk);
      begun_ = !chunk.empty();
    }
    if (chunk.empty() && !last) {
      return {};
    }
    xmlParseChunk(context_.get(), chunk.data(), static_cast<int>(chunk.size()), last ? 1 : 0);
    listener_.rethrow();
    if (const auto& stopped = listener_.error()) {
      const int line = xmlSAX2GetLineNumber(context_.get());
      return std::unexpected("line " + std::to_string(lines_before_ + line) + ": " + *stopped);
    }
    if (context_->wellFormed == 0) {
      return std::unexpected(last_error(*context_, lines_before_));
    }
    return {};
  }

 private:
  std::string_view without_leading_blanks(std::string_view text) {
    const std::size_t blanks = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    lines_before_ += std::ranges::count(text.substr(0, blanks), '\n');
    return text.substr(blanks);
  }

  Listener listener_;
  xmlSAXHandler sax_;
  Context context_;
  bool begun_ = false;
  std::ptrdiff_t lines_before_ = 0;
};

}  // namespace

std::expected<void, std::string> parse_xml(const ByteSource& source, const XmlLimits& limits,
                                           XmlEvents& events) {
  xmlInitParser();
  Reading reading(limits, events);
  std::array<char, 32'768> buffer{};
  std::uint64_t octets = 0;
  for (;;) {
    const auto count = source(buffer);
    if (!count) {
      return std::unexpected(count.error());
    }
    octets += *count;
    if (octets > limits.octets) {
      return std::unexpected("larger than " + std::to_string(limits.octets) + " octets");
    }
    const auto parsed = reading.parse({buffer.data(), *count});
    if (!parsed || *count == 0) {
      return parsed;
    }
  }
}

}  // namespace sekisho::report
