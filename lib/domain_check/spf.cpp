#include "domain_check/spf.hpp"

#include "mail/ascii.hpp"
#include "spf/inquiry.hpp"
#include "spf/macro.hpp"
#include "spf/record.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::domain_check {

namespace {

constexpr std::size_t void_limit = 2;          // RFC 7208 §4.6.4
constexpr std::uint64_t broad = 1ULL << 16U;   // IPv4 addresses
constexpr std::size_t plain_udp_octets = 512;  // RFC 1035 §4.2.1
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + shown(word);
  }
  return text;
}

// A record but for blanks, quotes or a byte order mark before it.
bool has_something_before_version(std::string_view text) {
  const std::size_t begin =
      text.find_first_not_of(std::string(" \t\r\n\"'") + std::string(byte_order_mark));
  return begin != std::string_view::npos && begin > 0 && spf::is_spf_record(text.substr(begin));
}

// RFC 7208 §3.4: header, question and the records of an answer, names compressed.
std::size_t answer_octets(const std::string& name, const std::vector<std::string>& texts) {
  constexpr std::size_t header = 12;
  constexpr std::size_t question_rest = 2 + 4;  // root, length of the first label; type and class
  constexpr std::size_t record_header = 12;
  std::size_t size = header + name.size() + question_rest;
  for (const std::string& text : texts) {
    size += record_header + text.size() + std::max<std::size_t>(1, (text.size() + 254) / 255);
  }
  return size;
}

class Findings {
 public:
  Findings(Examination& examination, const SpfTree& tree)
      : examination_(examination), outcomes_(examination.outcomes), tree_(tree) {}

  void find() {
    const SpfNode& root = tree_.root();
    switch (root.status) {
      case SpfNodeStatus::unknown:
        note_failures(root, Check::spf_none);
        return;
      case SpfNodeStatus::none:
        missing();
        return;
      case SpfNodeStatus::found:
      case SpfNodeStatus::many:
      case SpfNodeStatus::broken:
      case SpfNodeStatus::loop:
      case SpfNodeStatus::not_followed:
        break;
    }
    outcomes_.good(Check::spf_none, root.name);
    for (const SpfNode& node : tree_.nodes) {
      node_status(node);
    }
    if (root.status == SpfNodeStatus::found) {
      tree();
      main_line();
      explanation();
    }
    type99();
  }

 private:
  void missing() {
    const std::string& name = tree_.root().name;
    const bool has_mail_hosts =
        !examination_.ask(name, dns::RecordType::mx).all<dns::MailExchange>().empty();
    Finding& none = outcomes_.bad(Check::spf_none, name, "no TXT record begins with v=spf1");
    none.publish = txt_line(name, has_mail_hosts ? "v=spf1 mx -all" : "v=spf1 -all");
    for (const std::string& text : tree_.texts) {
      if (has_something_before_version(text)) {
        outcomes_.bad(Check::spf_leading_space, name, '"' + shown(text) + '"');
        return;
      }
    }
  }

  void node_status(const SpfNode& node) {
    switch (node.status) {
      case SpfNodeStatus::many:
        outcomes_.bad(Check::spf_many, node.name, "more than one record begins with v=spf1");
        return;
      case SpfNodeStatus::broken: {
        Finding& syntax = outcomes_.bad(Check::spf_syntax, node.name, shown(node.fault));
        syntax.position = node.fault_position;
        return;
      }
      case SpfNodeStatus::loop:
        outcomes_.bad(Check::spf_loop, node.name,
                      shown(node.term) + " leads back to a record that contains it");
        return;
      case SpfNodeStatus::none:
        outcomes_.bad(is_redirect(node) ? Check::spf_redirect_none : Check::spf_include_none,
                      node.name, shown(node.term) + ": no SPF record");
        return;
      case SpfNodeStatus::unknown:
        note_failures(node, Check::spf_lookups);
        return;
      case SpfNodeStatus::found:
        outcomes_.good(Check::spf_syntax, node.name);
        for (const std::string& term : node.crowded_terms) {
          outcomes_.bad(Check::spf_mx_addresses, node.name,
                        shown(term) + " has more than 10 hosts");
        }
        return;
      case SpfNodeStatus::not_followed:
        return;
    }
  }

  static bool is_redirect(const SpfNode& node) { return node.term.starts_with("redirect="); }

  void note_failures(const SpfNode& node, Check check) {
    for (const FailedLookup& failed : node.failures) {
      outcomes_.unknown(
          check, node.name,
          std::string(dns::format_type(failed.question.type)) + " " + failed.question.name,
          std::string(dns::format_status(failed.status)));
    }
  }

  // What all records cost together. A loop has no count.
  void tree() {
    if (tree_.has(SpfNodeStatus::loop)) {
      return;
    }
    lookups();
    voids();
    breadth();
  }

  void lookups() {
    const std::size_t count = tree_.lookups();
    const std::string& name = tree_.root().name;
    const bool is_exact = !tree_.has(SpfNodeStatus::unknown);
    constexpr std::size_t near_limit = spf::max_lookup_terms - 1;
    if (count >= near_limit) {
      Finding& finding = outcomes_.bad(
          Check::spf_lookups, name,
          std::to_string(count) + (tree_.is_cut ? " or more" : "") + " look-ups, 10 are allowed");
      if (count <= spf::max_lookup_terms) {
        finding.level = Level::warning;
      }
    } else if (is_exact) {
      outcomes_.good(Check::spf_lookups, name);
    }
  }

  void voids() {
    const std::string& name = tree_.root().name;
    std::vector<std::string> void_terms;
    std::vector<std::string> client_terms;
    bool has_failures = false;
    for (const SpfNode& node : tree_.nodes) {
      void_terms.insert(void_terms.end(), node.void_terms.begin(), node.void_terms.end());
      client_terms.insert(client_terms.end(), node.client_terms.begin(), node.client_terms.end());
      if (node.status == SpfNodeStatus::found && !node.failures.empty()) {
        has_failures = true;
        note_failures(node, Check::spf_void);
      }
    }
    if (void_terms.size() > void_limit) {
      outcomes_.bad(Check::spf_void, name,
                    std::to_string(void_terms.size()) +
                        " void look-ups, 2 are allowed: " + joined(void_terms));
    } else if (!client_terms.empty()) {
      outcomes_.unknown(Check::spf_void, name, joined(client_terms), "depends on the client");
    } else if (!has_failures) {
      outcomes_.good(Check::spf_void, name);
    }
  }

  void breadth() {
    const SpfNode& root = tree_.root();
    if (root.passes_all) {
      return;
    }
    std::vector<std::string> wide;
    for (const SpfNode& node : tree_.nodes) {
      wide.insert(wide.end(), node.wide_terms.begin(), node.wide_terms.end());
    }
    const std::uint64_t addresses = root.passing.ipv4_addresses();
    if (addresses <= broad && wide.empty()) {
      outcomes_.good(Check::spf_breadth, root.name);
      return;
    }
    std::string evidence = std::to_string(addresses) + " IPv4 addresses pass";
    if (!wide.empty()) {
      evidence += ", with " + joined(wide);
    }
    outcomes_.bad(Check::spf_breadth, root.name, evidence);
  }

  // The domain's record and what it redirects to: the terms of an included record are another's.
  void main_line() {
    if (tree_.root().passes_all) {
      passes_all();
    }
    const SpfNode* last = nullptr;
    for (const SpfNode& node : tree_.nodes) {
      if (node.status == SpfNodeStatus::found && (node.depth == 0 || is_redirect(node)) &&
          (last == nullptr || node.depth == last->depth + 1)) {
        last = &node;
        terms(node);
      }
    }
    end_of_record(*last);
  }

  void passes_all() {
    for (const SpfNode& node : tree_.nodes) {
      if (node.all == spf::ResultCode::pass) {
        outcomes_.bad(Check::spf_plus_all, node.name, "the record ends with +all");
        return;
      }
    }
  }

  void end_of_record(const SpfNode& node) {
    if (node.all == spf::ResultCode::neutral) {
      outcomes_.bad(Check::spf_question_all, node.name, "the record ends with ?all");
    } else if (!node.all && !node.has_redirect) {
      outcomes_.bad(Check::spf_no_all, node.name, "neither all nor redirect");
    }
  }

  void terms(const SpfNode& node) {
    if (node.all && node.has_redirect) {
      outcomes_.bad(Check::spf_redirect_ignored, node.name, "redirect beside all");
    }
    if (node.has_terms_after_all) {
      outcomes_.bad(Check::spf_after_all, node.name, "terms follow all");
    }
    if (node.has_pointer) {
      outcomes_.bad(Check::spf_ptr, node.name, "the record has ptr");
    }
    unread_modifiers(node);
    if (node.depth == 0) {
      size(node);
    }
  }

  void unread_modifiers(const SpfNode& node) {
    const auto has = [&](std::string_view modifier) {
      return mail::to_lower(node.record).contains(modifier);
    };
    if ((has(" rp=") || has(" rr=")) && !has(" ra=")) {
      outcomes_.bad(Check::spf_ra_rp_rr, node.name, "rp or rr without ra");
    }
  }

  void size(const SpfNode& node) {
    const std::size_t octets = answer_octets(node.name, tree_.texts);
    if (octets > plain_udp_octets) {
      outcomes_.bad(Check::spf_size, node.name,
                    "the TXT records make an answer of " + std::to_string(octets) + " octets");
    } else {
      outcomes_.good(Check::spf_size, node.name);
    }
  }

  void explanation() {
    if (!tree_.explanation_name) {
      return;
    }
    const std::string& name = *tree_.explanation_name;
    if (!spf::is_askable(name)) {
      outcomes_.bad(Check::spf_exp, name, "no name that can exist");
      return;
    }
    const dns::Answer answer = examination_.ask_for(Check::spf_exp, name, dns::RecordType::txt);
    if (dns::is_temporary(answer.status)) {
      return;
    }
    const auto texts = texts_of(answer);
    if (texts.size() != 1) {
      outcomes_.bad(Check::spf_exp, name, std::to_string(texts.size()) + " TXT records");
    } else if (texts.front().size() > spf::max_explanation_octets) {
      outcomes_.bad(Check::spf_exp, name, std::to_string(texts.front().size()) + " octets");
    } else if (!spf::check_macro_string(texts.front(), spf::MacroScope::explanation)) {
      outcomes_.bad(Check::spf_exp, name, "a macro that is not valid");
    } else {
      outcomes_.good(Check::spf_exp, name);
    }
  }

  void type99() {
    const std::string& name = tree_.root().name;
    const dns::Answer answer = examination_.ask(name, dns::RecordType::spf);
    if (answer.status == dns::Status::found) {
      outcomes_.bad(Check::spf_type99, name, "a record of type SPF");
    }
  }

  Examination& examination_;
  Outcomes& outcomes_;
  const SpfTree& tree_;
};

}  // namespace

void check_spf(Examination& examination, const SpfTree& tree) {
  Findings(examination, tree).find();
}

}  // namespace sekisho::domain_check
