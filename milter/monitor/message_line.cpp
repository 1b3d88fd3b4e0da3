#include "milter/monitor/message_line.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sekisho::milter {

namespace {

constexpr std::size_t longest_value = 256;
constexpr std::size_t most_signatures = 10;

bool stands_for_itself(char c) {
  return c > ' ' && c < 0x7F && c != '"' && c != '\\';
}

std::string escaped(std::string_view value, bool blanks_stay) {
  constexpr std::string_view digits = "0123456789abcdef";
  const bool cut = value.size() > longest_value;
  value = value.substr(0, longest_value);
  if (!value.empty() && std::ranges::all_of(value, stands_for_itself)) {
    return std::string(value) + (cut ? "..." : "");
  }
  std::string text = "\"";
  for (const char c : value) {
    if (stands_for_itself(c) || (c == ' ' && blanks_stay)) {
      text += c;
    } else if (c == '"' || c == '\\') {
      text.append("\\").append(1, c);
    } else {
      const auto octet = static_cast<unsigned char>(c);
      text.append("\\x").append(1, digits[octet >> 4U]).append(1, digits[octet & 0xFU]);
    }
  }
  return text + (cut ? "...\"" : "\"");
}

/// A line under construction.
class Line {
 public:
  explicit Line(std::string_view queue_id)
      : text_((queue_id.empty() ? "NOQUEUE" : escape_value(queue_id)) + ":") {}

  Line& add(std::string_view key, std::string_view value) {
    text_.append(" ").append(key).append("=").append(escape_value(value));
    return *this;
  }
  void add_if_any(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      add(key, value);
    }
  }
  /// Words of ours.
  void tell_if_any(std::string_view key, std::string_view text) {
    if (!text.empty()) {
      text_.append(" ").append(key).append("=").append(quote_text(text));
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_client(Line& line, const findings::Findings& found) {
  line.add("client", findings::format_client(found.client));
  line.add("helo", found.client.helo);
  if (found.origin != findings::Origin::outside) {
    line.add("origin", findings::format_origin(found.origin));
  }
  line.add_if_any("login", found.client.login);
  line.add("from", "<" + found.envelope.sender + ">");
}

void add_envelope(Line& line, const findings::Findings& found) {
  add_client(line, found);
  line.add("nrcpt", std::to_string(found.envelope.recipients.size()));
}

void add_author(Line& line, const mail::Author& author) {
  if (author.status == mail::AuthorStatus::single_domain) {
    line.add("author", author.domains.front().text());
    if (mail::has_unparsable_display(author)) {
      line.add("display", "unparsable");
    }
    return;
  }
  line.add("author", mail::format_author_status(author.status));
}

void add_signatures(Line& line, const findings::Findings& found) {
  if (found.dkim_checked && found.dkim.empty()) {
    line.add("dkim", "none");
  }
  const std::size_t shown = std::min(found.dkim.size(), most_signatures);
  for (std::size_t i = 0; i < shown; ++i) {
    const dkim::Result& signature = found.dkim[i];
    line.add("dkim", dkim::format_result_code(signature.code));
    line.add_if_any("d", signature.domain ? signature.domain->text() : "");
    line.add_if_any("s", signature.selector);
    if (signature.code != dkim::ResultCode::pass) {
      line.tell_if_any("why", signature.reason);
    }
  }
  if (shown < found.dkim.size()) {
    line.add("dkim_more", std::to_string(found.dkim.size() - shown));
  }
}

void add_dmarc(Line& line, const dmarc::Result& dmarc) {
  line.add("dmarc", dmarc::format_result_code(dmarc.code));
  if (dmarc.record) {
    line.add("p", dmarc::format_policy(dmarc.policy));
  }
}

void add_results(Line& line, const findings::Findings& found) {
  if (found.iprev) {
    line.add("iprev", iprev::format_result_code(found.iprev->code));
  }
  if (found.spf_helo) {
    line.add("spf_helo", spf::format_result_code(found.spf_helo->code));
  }
  if (found.spf_mail_from) {
    line.add("spf", spf::format_result_code(found.spf_mail_from->code));
  }
  add_signatures(line, found);
  if (found.arc_checked) {
    line.add("arc", arc::format_chain_status(found.arc.status));
  }
  if (found.dmarc) {
    add_dmarc(line, *found.dmarc);
  }
}

void add_outgoing(Line& line, const findings::Findings& found) {
  const findings::Outgoing& outgoing = found.outgoing;
  for (const findings::SignatureMade& signature : outgoing.signatures) {
    line.add("dkim", "signed").add("d", signature.domain.text()).add("s", signature.selector);
  }
  if (outgoing.not_signed != findings::NotSigned::none) {
    line.add("dkim", "unsigned").tell_if_any("why", findings::describe_not_signed(found));
  }
  if (outgoing.sealed_instance > 0) {
    line.add("sealed", std::to_string(outgoing.sealed_instance));
  }
}

void add_disposition(Line& line, const policy::Disposition& disposition) {
  line.add("action", policy::format_action(disposition.action));
  if (disposition.withheld) {
    line.add("would", policy::format_action(*disposition.withheld));
  }
  line.tell_if_any("reason", disposition.reason);
}

}  // namespace

std::string escape_value(std::string_view value) {
  return escaped(value, /*blanks_stay=*/false);
}

std::string quote_text(std::string_view text) {
  return escaped(text, /*blanks_stay=*/true);
}

std::string format_message_line(const checkpoint::Verdict& verdict,
                                std::chrono::milliseconds waited) {
  const findings::Findings& found = verdict.findings;
  Line line(found.envelope.queue_id);
  add_envelope(line, found);
  add_author(line, found.author);
  add_results(line, found);
  add_outgoing(line, found);
  add_disposition(line, verdict.disposition);
  line.add("ms", std::to_string(waited.count()));
  return line.take();
}

std::string format_recipient_line(const checkpoint::Verdict& verdict,
                                  std::chrono::milliseconds waited) {
  const findings::Findings& found = verdict.findings;
  Line line(found.envelope.queue_id);
  add_client(line, found);
  line.add("rcpt", "<" + found.envelope.recipients.front() + ">");
  add_results(line, found);
  add_disposition(line, verdict.disposition);
  line.add("ms", std::to_string(waited.count()));
  return line.take();
}

}  // namespace sekisho::milter
