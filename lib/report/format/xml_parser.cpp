#include "report/format/xml_parser.hpp"

#include "c_ptr.hpp"
#include "report/format/printable.hpp"
#include "report/format/xml_decoder.hpp"
#include "report/format/xml_mender.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

namespace sekisho::report::format {

namespace {

using Context = CPtr<xmlParserCtxt, &xmlFreeParserCtxt>;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

/// The ear that libxml2 speaks to. No exception leaves it through libxml2's frames.
class Listener {
 public:
  Listener(std::size_t max_text, XmlEvents& events, ReportNotes& notes)
      : max_text_(max_text), events_(events), notes_(notes) {}

  void attach(xmlParserCtxtPtr context) { context_ = context; }

  void begin(const xmlChar* name, const xmlChar* name_space) {
    text_.clear();
    events_.begin(view(name), view(name_space));
  }

  void end() {
    if (const auto done = events_.end(std::exchange(text_, {})); !done) {
      stop(done.error());
    }
  }

  void characters(std::string_view text) {
    const std::size_t room = max_text_ - text_.size();
    if (text.size() > room) {
      notes_.add_once("text that is longer than what is read was cut");
    }
    text_ += text.substr(0, room);
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
  std::size_t max_text_;
  XmlEvents& events_;
  ReportNotes& notes_;
  xmlParserCtxtPtr context_ = nullptr;
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

void on_error(void* /*user*/, xmlErrorPtr /*error*/) {}  // asked for afterwards; not to be printed

xmlSAXHandler handler() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_begin;
  sax.endElementNs = on_end;
  sax.characters = on_characters;
  sax.cdataBlock = on_characters;
  sax.serror = on_error;
  return sax;
}

std::string last_error(xmlParserCtxt& context) {
  constexpr std::size_t max_message = 200;
  const xmlError* const error = xmlCtxtGetLastError(&context);
  if (error == nullptr || error->message == nullptr) {
    return "not well-formed XML";
  }
  return "line " + std::to_string(error->line) + ": " + printable(error->message, max_message);
}

/// A document on its way through libxml2's push parser.
class Reading {
 public:
  Reading(const XmlLimits& limits, XmlEvents& events, ReportNotes& notes)
      : listener_(limits.text_octets, events, notes),
        sax_(handler()),
        context_(xmlCreatePushParserCtxt(&sax_, &listener_, nullptr, 0, nullptr)) {
    if (!context_) {
      throw std::bad_alloc();
    }
    xmlCtxtUseOptions(context_.get(), XML_PARSE_NONET);
    listener_.attach(context_.get());
  }

  std::expected<void, std::string> parse(std::string_view chunk) {
    if (chunk.empty()) {
      return {};
    }
    xmlParseChunk(context_.get(), chunk.data(), static_cast<int>(chunk.size()), 0);
    if (const auto heard = listened(); !heard) {
      return heard;
    }
    return context_->wellFormed == 0 ? std::unexpected(last_error(*context_))
                                     : std::expected<void, std::string>();
  }

  /// What libxml2 has held back is read. That the document is not well-formed without its end is
  /// known.
  std::expected<void, std::string> finish(std::string_view chunk) {
    if (const auto done = parse(chunk); !done) {
      return done;
    }
    xmlParseChunk(context_.get(), nullptr, 0, 1);
    return listened();
  }

 private:
  std::expected<void, std::string> listened() {
    listener_.rethrow();
    if (const auto& stopped = listener_.error()) {
      const int line = xmlSAX2GetLineNumber(context_.get());
      return std::unexpected("line " + std::to_string(line) + ": " + *stopped);
    }
    return {};
  }

  Listener listener_;
  xmlSAXHandler sax_;
  Context context_;
};

}  // namespace

std::expected<XmlEnd, std::string> parse_xml(const ByteSource& source, const XmlLimits& limits,
                                             XmlEvents& events, ReportNotes& notes) {
  xmlInitParser();
  Reading reading(limits, events, notes);
  XmlDecoder decoder(notes);
  XmlMender mender({.depth = limits.depth, .never_nested = limits.never_nested}, notes);
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
    std::string text;
    std::string mended;
    decoder.decode({buffer.data(), *count}, text);
    if (const auto done = mender.mend(text, mended); !done) {
      return std::unexpected(done.error());
    }
    const bool is_last = *count == 0;
    if (const auto done = is_last ? reading.finish(mended) : reading.parse(mended); !done) {
      return std::unexpected(done.error());
    }
    if (is_last) {
      return mender.is_whole() ? XmlEnd::whole : XmlEnd::cut;
    }
  }
}

}  // namespace sekisho::report::format
