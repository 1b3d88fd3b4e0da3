#include "mail/ascii.hpp"
#include "tools/why/examination.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

namespace diagnosis = dkim_diagnosis;
using diagnosis::BodyChange;
using diagnosis::ChangeId;
using diagnosis::HeaderChange;

constexpr std::size_t max_shown = 200;

// What a terminal may show: no control, and nothing that it could take for one.
std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, max_shown)) {
    shown += mail::is_folding_white_space(c)                ? ' '
             : mail::is_control(c) || mail::is_eight_bit(c) ? '?'
                                                            : c;
  }
  return shown + (text.size() > max_shown ? "..." : "");
}

std::string quoted(const std::optional<std::string>& text) {
  return '"' + printable(mail::trimmed<mail::is_folding_white_space>(text.value_or(""))) + '"';
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// "4 lines were"
std::string lines_were(const BodyChange& change) {
  return counted(change.lines, "line") + (change.lines == 1 ? " was" : " were");
}

std::string place_of(const BodyChange& change) {
  std::string place = change.line == 0 ? "" : fmt::format(" (from line {} on)", change.line);
  return change.part == 0 ? place : fmt::format(" of part {}{}", change.part, place);
}

std::string describe(const BodyChange& change) {
  switch (change.id) {
    case ChangeId::body_canon:
      return "it was signed with the other canonicalization than c= says";
    case ChangeId::body_tail:
      return lines_were(change) + " added at the end" + place_of(change);
    case ChangeId::body_tail_crlf:
      return "the signer hashed another line end at the end of the body";
    case ChangeId::body_head:
      return lines_were(change) + " added at the beginning" + place_of(change);
    case ChangeId::body_block:
      return lines_were(change) + " added in the middle" + place_of(change);
    case ChangeId::body_part_tail:
      return lines_were(change) + " added at the end" + place_of(change);
    case ChangeId::body_unwrap_list:
      return "the message was put into a new multipart, with other parts";
    case ChangeId::body_cte:
      return "the content was encoded in another way" + place_of(change);
    case ChangeId::body_charset:
      return "the text was converted to another charset" + place_of(change);
    case ChangeId::body_ends:
      return "line ends were changed in " + counted(change.lines, "line") + place_of(change);
    case ChangeId::body_dots:
      return "a dot at the beginning was added or lost in " + counted(change.lines, "line") +
             place_of(change);
    case ChangeId::body_from:
      return "\">\" before \"From \" was added or removed in " + counted(change.lines, "line") +
             place_of(change);
    case ChangeId::body_wrap:
      return "long lines were cut: " + counted(change.lines, "line") + place_of(change);
    case ChangeId::body_blanks:
      return "blanks were changed in " + counted(change.lines, "line") + place_of(change);
    case ChangeId::body_boundary:
      return "the boundary of the multipart was renamed";
    case ChangeId::body_urls:
      return "links were rewritten in " + counted(change.lines, "line") + place_of(change);
    case ChangeId::body_l:
      return change.lines == 0 ? "the body is not as long as l= says"
                               : lines_were(change) + " not signed, beyond l=" + place_of(change);
    case ChangeId::body_empty:
      return "the body was lost";
    default:
      return std::string(diagnosis::format_change_id(change.id));
  }
}

bool is_field(const HeaderChange& change, std::string_view name) {
  return mail::equals_ignoring_case(change.field, name);
}

// What was put into a Subject: the text that is there now and was not there.
std::string added_text(const HeaderChange& change) {
  const std::string was(mail::trimmed<mail::is_folding_white_space>(change.was.value_or("")));
  const std::string now(mail::trimmed<mail::is_folding_white_space>(change.now.value_or("")));
  const std::size_t shorter = std::min(was.size(), now.size());
  std::size_t same_end = 0;
  while (same_end < shorter && was[was.size() - 1 - same_end] == now[now.size() - 1 - same_end]) {
    ++same_end;
  }
  std::size_t same_start = 0;
  while (same_start + same_end < shorter && was[same_start] == now[same_start]) {
    ++same_start;
  }
  return now.substr(same_start, now.size() - same_start - same_end);
}

std::string describe(const HeaderChange& change, bool show) {
  const std::string name = printable(change.field);
  // The text of a Subject is as private as that of a body.
  const bool may_show = show || !is_field(change, "Subject");
  const std::string was =
      may_show && change.was
          ? " was: " + printable(mail::trimmed<mail::is_folding_white_space>(*change.was))
          : "";
  switch (change.id) {
    case ChangeId::head_added:
      return name + " was not there";
    case ChangeId::head_subject_tag:
      return name + " had no " + quoted(added_text(change));
    case ChangeId::head_gone:
      return change.now ? name + (was.empty() ? " was another one" : was)
                        : name + " was removed" + (was.empty() ? "" : "; it" + was);
    case ChangeId::head_double:
      return name + " fields stood in another order";
    case ChangeId::sig_length:
      return "b= was cut, or contains characters that do not belong there";
    case ChangeId::sig_self:
      return name + " itself was written in another way";
    case ChangeId::head_fold:
      return name + " was folded in another way";
    case ChangeId::head_case:
      return name + " was written with other letters" + was;
    case ChangeId::head_blanks:
      return name + " had other blanks";
    default:
      return name + (was.empty() ? " was written in another way" : was);
  }
}

class Page {
 public:
  Page(bool show, bool colour) : show_(show), colour_(colour) {}

  void signature(const diagnosis::Account::Entry& entry) {
    const diagnosis::SignatureDiagnosis& found = entry.diagnosis;
    text_ += fmt::format("signature {:<3} d={} s={} {} {}  {}\n", found.index,
                         found.result.domain ? found.result.domain->text() : "?",
                         found.result.selector, found.result.algorithm,
                         dkim::format_canonicalization_pair(found.canonicalization),
                         painted(dkim::format_result_code(found.result.code)));
    if (found.result.code == dkim::ResultCode::pass) {
      return;
    }
    row("result", printable(found.result.reason));
    row("key", key_of(found));
    body(found.body, found.is_complete);
    header(found.header, found.is_complete);
    where(entry.between);
    row("effort", fmt::format("{} {}, {} ms{}", found.hashes, found.hashes == 1 ? "hash" : "hashes",
                              found.time.count(),
                              found.is_complete ? "" : "; ended before all was tried (--effort)"));
  }

  void end(const diagnosis::Account& account) {
    if (account.left_out > 0) {
      row("note", counted(account.left_out, "more signature") + " not examined");
    }
    if (const std::string_view verdict = conclusion(account); !verdict.empty()) {
      row("so", verdict);
    }
    for (const diagnosis::Advice advice : account.advice) {
      row(advice == account.advice.front() ? "would help" : "", diagnosis::describe_advice(advice));
    }
  }

  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  void row(std::string_view name, std::string_view value) {
    text_ += fmt::format("  {:<11} {}\n", name, value);
  }

  [[nodiscard]] std::string painted(std::string_view result) const {
    if (!colour_) {
      return std::string(result);
    }
    const bool is_good = result == "pass";
    return (is_good ? "\033[32m" : "\033[31m") + std::string(result) + "\033[0m";
  }

  static std::string key_of(const diagnosis::SignatureDiagnosis& found) {
    const std::string name = found.result.selector + "._domainkey." +
                             (found.result.domain ? found.result.domain->text() : "?");
    const std::string fits =
        found.fits.empty() ? "" : "; the key of selector " + found.fits + " made it";
    switch (found.key) {
      case diagnosis::KeyState::made_by_published:
        return name + " is the key that made it";
      case diagnosis::KeyState::other_key:
        return "not made with the key that is published now at " + name + fits;
      case diagnosis::KeyState::revoked:
        return name + " was revoked" + fits;
      case diagnosis::KeyState::gone:
        return name + " is not published" + fits;
      case diagnosis::KeyState::expired:
        return "the signature has expired (x=)";
      case diagnosis::KeyState::unknown:
        return "it cannot be told if " + name + " made it";
    }
    std::unreachable();
  }

  void body(const diagnosis::BodySide& body, bool is_complete) {
    switch (body.state) {
      case diagnosis::State::same:
        row("body", body.changes.empty() ? "as it was signed"
                                         : "as it was signed; " + describe(body.changes.front()));
        return;
      case diagnosis::State::unknown:
        row("body", "not known");
        return;
      case diagnosis::State::changed:
        row("body", "changed: " + (body.changes.empty()
                                       ? not_found(is_complete)
                                       : describe(body.changes.front()) + " (not proved)"));
        return;
      case diagnosis::State::explained:
        break;
    }
    for (const BodyChange& change : body.changes) {
      row(&change == body.changes.data() ? "body" : "",
          "changed: " + describe(change) + "  [" +
              std::string(diagnosis::format_change_id(change.id)) + ", proved by bh=]");
    }
  }

  void header(const diagnosis::HeaderSide& header, bool is_complete) {
    switch (header.state) {
      case diagnosis::State::same:
        row("header", "as it was signed");
        return;
      case diagnosis::State::unknown:
        row("header", "not known");
        return;
      case diagnosis::State::changed:
        row("header", header.changes.empty() ? "changed: " + not_found(is_complete)
                                             : describe(header.changes.front(), show_));
        return;
      case diagnosis::State::explained:
        break;
    }
    for (const HeaderChange& change : header.changes) {
      row(&change == header.changes.data() ? "header" : "",
          "changed: " + describe(change, show_) + "  [" +
              std::string(diagnosis::format_change_id(change.id)) + ", proved by the signature]");
    }
  }

  static std::string not_found(bool is_complete) {
    return is_complete ? "in a way that was not found" : "not found within the budget";
  }

  static std::string moment(const diagnosis::Moment& moment) {
    switch (moment.kind) {
      case diagnosis::WitnessKind::arc:
        return fmt::format("{} sealed it (ARC i={})", moment.host, moment.instance);
      case diagnosis::WitnessKind::google:
        return moment.host + " signed it (X-Google-DKIM-Signature)";
      case diagnosis::WitnessKind::dkim:
        return moment.host + " signed it";
    }
    std::unreachable();
  }

  void where(const diagnosis::Between& between) {
    if (!between.is_known) {
      return;
    }
    const std::string before =
        between.before.host.empty() ? "it was received here" : moment(between.before);
    row("where", "after " + moment(between.after) + ", before " + before);
    std::string hosts;
    for (const std::string& host : between.hosts) {
      hosts += (hosts.empty() ? "" : ", ") + host;
    }
    if (!hosts.empty()) {
      row("", "between: " + hosts + " (Received)");
    }
  }

  static std::string_view conclusion(const diagnosis::Account& account) {
    switch (account.changed_by) {
      case diagnosis::ChangedBy::list:
        return "a mailing list: what the author wrote is whole below these changes";
      case diagnosis::ChangedBy::relay:
        return "a relay converted the message: what the author wrote is whole";
      case diagnosis::ChangedBy::gateway:
        return "a gateway or filter added to the message: what the author wrote is whole";
      case diagnosis::ChangedBy::forger:
        return "beware: readers see what nobody has signed";
      case diagnosis::ChangedBy::signer:
        return "the fault is at the signer";
      case diagnosis::ChangedBy::unknown:
        return "";
    }
    std::unreachable();
  }

  bool show_;
  bool colour_;
  std::string text_;
};

}  // namespace

std::string format_why_text(const diagnosis::Account& account, bool show, bool colour) {
  Page page(show, colour);
  for (const diagnosis::Account::Entry& entry : account.signatures) {
    page.signature(entry);
  }
  page.end(account);
  return std::move(page).text();
}

}  // namespace sekisho::tools
