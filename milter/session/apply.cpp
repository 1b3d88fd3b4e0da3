#include "milter/session/apply.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace sekisho::milter {

namespace {

void require(int status, const char* what) {
  if (status != MI_SUCCESS) {
    throw std::runtime_error(std::string("the MTA has gone, or does not let us ") + what);
  }
}

// libmilter takes `char*` where it means `const char*`, hence the copies.

void remove_field(SMFICTX* context, const checkpoint::FieldRemoval& removal) {
  std::string name(removal.name);
  require(smfi_chgheader(context, name.data(), static_cast<int>(removal.ordinal), nullptr),
          "remove a header field");
}

void insert_field(SMFICTX* context, const mail::HeaderField& field, const Dialect& dialect) {
  std::string name = field.name;
  std::string value = inserted_value(field.value, dialect);
  require(smfi_insheader(context, 0, name.data(), value.data()), "insert a header field");
}

void edit_header(SMFICTX* context, const checkpoint::Verdict& verdict, const Dialect& dialect) {
  for (const checkpoint::FieldRemoval& removal : verdict.removals) {
    remove_field(context, removal);
  }
  const std::size_t insertable = count_insertable(verdict.insertions);
  for (std::size_t i = 0; i < insertable; ++i) {
    insert_field(context, verdict.insertions[i], dialect);
  }
}

void quarantine(SMFICTX* context, std::string_view reason) {
  std::string text = printable_line(reason.empty() ? "quarantined by policy" : reason);
  require(smfi_quarantine(context, text.data()), "put a message into quarantine");
}

}  // namespace

std::size_t count_insertable(const std::vector<mail::HeaderField>& fields) {
  constexpr std::size_t colon = 1;
  const auto too_large = std::ranges::find_if(fields, [](const mail::HeaderField& field) {
    return field.name.size() + colon + field.value.size() > max_inserted_octets;
  });
  return static_cast<std::size_t>(too_large - fields.begin());
}

sfsistat apply(SMFICTX* context, const checkpoint::Verdict& verdict, const Dialect& dialect) {
  switch (verdict.disposition.action) {
    case policy::Action::accept:
      edit_header(context, verdict, dialect);
      return SMFIS_CONTINUE;
    case policy::Action::quarantine:
      edit_header(context, verdict, dialect);
      quarantine(context, verdict.disposition.reason);
      return SMFIS_CONTINUE;
    case policy::Action::reject:
      set_reply(context, verdict.disposition.reply);
      return SMFIS_REJECT;
    case policy::Action::tempfail:
      set_reply(context, verdict.disposition.reply);
      return SMFIS_TEMPFAIL;
    case policy::Action::discard:
      return SMFIS_DISCARD;
  }
  std::unreachable();
}

void set_reply(SMFICTX* context, const policy::Reply& reply) {
  if (reply.code.empty()) {
    return;  // the MTA has words of its own
  }
  std::string code = reply.code;
  std::string enhanced = reply.enhanced;
  std::array<std::string, max_reply_lines> lines = reply_lines(reply.text);
  std::array<char*, max_reply_lines> texts{};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    texts[i] = i == 0 || !lines[i].empty() ? lines[i].data() : nullptr;
  }
  // A C function with "..." takes no array; the first null ends the lines.
  require(smfi_setmlreply(context, code.data(), enhanced.empty() ? nullptr : enhanced.data(),
                          texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6],
                          texts[7], texts[8], texts[9], nullptr),
          "set a reply");
}

std::array<std::string, max_reply_lines> reply_lines(std::string_view text) {
  std::array<std::string, max_reply_lines> lines;
  for (std::string& line : lines) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    line = reply_text(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string printable_line(std::string_view text) {
  constexpr std::size_t longest = 480;  // 512 with the codes, the blanks and CRLF
  std::string line(text.substr(0, longest));
  std::ranges::replace_if(line, [](char c) { return c < ' ' || c >= 0x7F; }, '?');
  return line;
}

std::string reply_text(std::string_view text) {
  std::string format;
  for (const char c : printable_line(text)) {
    format.append(c == '%' ? 2 : 1, c);
  }
  return format;
}

std::string inserted_value(std::string_view value, const Dialect& dialect) {
  if (!dialect.leading_blank && value.starts_with(' ')) {
    value.remove_prefix(1);
  }
  std::string text(value);
  std::erase(text, '\r');
  return text;
}

}  // namespace sekisho::milter
