#include "domain_check/spf_tree.hpp"

#include "dns/wire.hpp"
#include "spf/inquiry.hpp"
#include "spf/macro.hpp"
#include "spf/macro_piece.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::domain_check {

namespace {

using dns::RecordType;
using spf::Mechanism;

constexpr std::size_t max_addresses = 1'000;

bool is_client_letter(char letter) {
  return letter != 'd' && letter != 'o';
}

// Nullopt where the name depends on the client or on the sender's local part.
std::optional<std::string> expanded(const spf::DomainSpec& spec, const std::string& root,
                                    const std::string& domain) {
  if (spec.text.empty()) {
    return domain;
  }
  for (std::string_view rest = spec.text; !rest.empty();) {
    const auto piece = spf::take_piece(rest, spf::MacroScope::record);
    if (!piece) {
      return std::nullopt;
    }
    if (piece->kind == spf::PieceKind::macro && is_client_letter(piece->macro.letter)) {
      return std::nullopt;
    }
  }
  spf::MacroValues values;
  values.sender_domain = root;
  values.domain = domain;
  return spf::expand_name(spec.text, values);
}

class Reader {
 public:
  Reader(const dns::Lookups& lookups, std::string domain)
      : lookups_(lookups), root_(std::move(domain)) {}

  SpfTree read() {
    read_node(root_, "", 0);
    return std::move(tree_);
  }

 private:
  // Returns the index of the node.
  std::size_t read_node(const std::string& name, std::string term, std::size_t depth) {
    const std::size_t index = tree_.nodes.size();
    SpfNode fresh;
    fresh.name = name;
    fresh.term = std::move(term);
    fresh.depth = depth;
    tree_.nodes.push_back(std::move(fresh));
    if (std::ranges::count(path_, dns::lower_case(name)) > 0) {
      node(index).status = SpfNodeStatus::loop;
      return index;
    }
    if (tree_.nodes.size() > max_spf_records || depth > max_spf_depth) {
      node(index).status = SpfNodeStatus::not_followed;
      tree_.is_cut = true;
      return index;
    }
    path_.push_back(dns::lower_case(name));
    read_record(index);
    path_.pop_back();
    return index;
  }

  void read_record(std::size_t index) {
    const std::string name = node(index).name;
    const auto answer = ask(index, name, RecordType::txt);
    if (!answer) {
      node(index).status = SpfNodeStatus::unknown;
      return;
    }
    std::vector<std::string> records;
    for (const dns::Text* text : answer->all<dns::Text>()) {
      if (index == 0) {
        tree_.texts.push_back(text->data);
      }
      if (spf::is_spf_record(text->data)) {
        records.push_back(text->data);
      }
    }
    if (records.size() != 1) {
      node(index).status = records.empty() ? SpfNodeStatus::none : SpfNodeStatus::many;
      return;
    }
    node(index).record = records.front();
    const std::string& text = records.front();
    const auto record = spf::parse_record(text);
    if (!record) {
      note_fault(index, record.error(), text);
      return;
    }
    read_terms(index, *record);
  }

  void note_fault(std::size_t index, const spf::RecordError& error, const std::string& text) {
    SpfNode& broken = node(index);
    broken.status = SpfNodeStatus::broken;
    broken.fault = spf::format_record_error(error);
    broken.fault_position =
        error.term.empty() ? 0 : static_cast<std::size_t>(error.term.data() - text.data());
  }

  void read_terms(std::size_t index, const spf::Record& record) {
    prefetch(record, node(index).name);
    node(index).has_redirect = record.redirect.has_value();
    node(index).has_explanation = record.explanation.has_value();
    AddressSet matched;
    for (const spf::Directive& directive : record.directives) {
      if (node(index).all) {
        node(index).has_terms_after_all = true;
        break;
      }
      if (directive.mechanism == Mechanism::all) {
        node(index).all = directive.result;
        node(index).passes_all |= directive.result == spf::ResultCode::pass;
        continue;
      }
      AddressSet reached = matching(index, directive);
      reached.remove(matched);
      matched.add(reached);
      if (directive.result == spf::ResultCode::pass) {
        node(index).passing.add(reached);
      }
    }
    if (record.redirect && !node(index).all) {
      follow_redirect(index, *record.redirect, matched);
    } else if (record.explanation && index == main_) {
      tree_.explanation_name = expanded(*record.explanation, root_, node(index).name);
    }
  }

  void prefetch(const spf::Record& record, const std::string& domain) const {
    for (const spf::Directive& directive : record.directives) {
      const auto name = expanded(directive.domain_spec, root_, domain);
      if (name && spf::is_askable(*name)) {
        prefetch_term(directive.mechanism, *name);
      }
    }
  }

  void prefetch_term(Mechanism mechanism, const std::string& name) const {
    switch (mechanism) {
      case Mechanism::a:
        lookups_.prefetch(name, RecordType::a);
        lookups_.prefetch(name, RecordType::aaaa);
        return;
      case Mechanism::exists:
        lookups_.prefetch(name, RecordType::a);
        return;
      case Mechanism::mx:
        lookups_.prefetch(name, RecordType::mx);
        return;
      case Mechanism::include:
        lookups_.prefetch(name, RecordType::txt);
        return;
      case Mechanism::all:
      case Mechanism::ptr:
      case Mechanism::ip4:
      case Mechanism::ip6:
        return;
    }
  }

  AddressSet matching(std::size_t index, const spf::Directive& directive) {
    AddressSet reached;
    const bool is_ip4 = directive.mechanism == Mechanism::ip4;
    if (is_ip4 || directive.mechanism == Mechanism::ip6) {
      const unsigned prefix = is_ip4 ? directive.prefix4 : directive.prefix6;
      reached.add(directive.network, prefix);
      note_width(index, directive, prefix);
      return reached;
    }
    if (++terms_ > max_spf_terms) {
      tree_.is_cut = true;
      return reached;
    }
    const std::string term(directive.text);
    node(index).lookup_terms.push_back(term);
    if (directive.mechanism == Mechanism::ptr) {
      node(index).has_pointer = true;
      node(index).client_terms.push_back(term);
      return reached;
    }
    const auto name = expanded(directive.domain_spec, root_, node(index).name);
    if (!name) {
      node(index).client_terms.push_back(term);
      return reached;
    }
    if (directive.mechanism == Mechanism::include) {
      return include(index, directive, *name);
    }
    if (!spf::is_askable(*name)) {
      return reached;
    }
    return by_lookup(index, directive, *name);
  }

  AddressSet by_lookup(std::size_t index, const spf::Directive& directive,
                       const std::string& name) {
    const std::string term(directive.text);
    AddressSet reached;
    if (directive.mechanism == Mechanism::exists) {
      const auto answer = ask(index, name, RecordType::a);
      if (answer && spf::is_void(answer->status)) {
        node(index).void_terms.push_back(term);
      }
      return reached;
    }
    const bool has_all = directive.mechanism == Mechanism::a
                             ? add_addresses(index, directive, name, reached)
                             : add_mail_hosts(index, directive, name, reached);
    if (!has_all) {
      node(index).void_terms.push_back(term);
    }
    if (directive.prefix4 <= 8) {
      note_width(index, directive, directive.prefix4);
    }
    return reached;
  }

  // False where a name surely has no addresses.
  bool add_addresses(std::size_t index, const spf::Directive& directive, const std::string& name,
                     AddressSet& reached) {
    bool is_void = true;
    for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
      const auto answer = ask(index, name, type);
      is_void = is_void && answer && spf::is_void(answer->status);
      if (!answer) {
        continue;
      }
      std::size_t count = 0;
      for (const dns::IpAddress* address : answer->all<dns::IpAddress>()) {
        if (++count <= max_addresses) {
          reached.add(*address, address->is_v4() ? directive.prefix4 : directive.prefix6);
        }
      }
    }
    return !is_void;
  }

  bool add_mail_hosts(std::size_t index, const spf::Directive& directive, const std::string& name,
                      AddressSet& reached) {
    const auto answer = ask(index, name, RecordType::mx);
    if (!answer) {
      return true;
    }
    const auto exchanges = answer->all<dns::MailExchange>();
    if (exchanges.size() > spf::max_mail_hosts) {
      node(index).crowded_terms.emplace_back(directive.text);
      return true;
    }
    bool is_void = exchanges.empty();
    for (const dns::MailExchange* exchange : exchanges) {
      is_void = !add_addresses(index, directive, exchange->host, reached) || is_void;
    }
    return !is_void;
  }

  AddressSet include(std::size_t index, const spf::Directive& directive, const std::string& name) {
    const std::size_t child = follow(index, name, "include:" + name);
    if (node(child).passes_all && directive.result == spf::ResultCode::pass) {
      node(index).passes_all = true;
    }
    return node(child).passing;
  }

  std::size_t follow(std::size_t index, const std::string& name, std::string term) {
    if (spf::is_askable(name) && name.contains('.')) {
      return read_node(name, std::move(term), node(index).depth + 1);
    }
    SpfNode impossible;
    impossible.name = name;
    impossible.term = std::move(term);
    impossible.depth = node(index).depth + 1;
    impossible.status = SpfNodeStatus::none;
    tree_.nodes.push_back(std::move(impossible));
    return tree_.nodes.size() - 1;
  }

  void follow_redirect(std::size_t index, const spf::DomainSpec& spec, const AddressSet& matched) {
    const auto name = expanded(spec, root_, node(index).name);
    node(index).lookup_terms.push_back("redirect=" + std::string(spec.text));
    if (!name) {
      node(index).client_terms.push_back("redirect=" + std::string(spec.text));
      return;
    }
    if (index == main_) {
      main_ = tree_.nodes.size();
    }
    const std::size_t child = follow(index, *name, "redirect=" + *name);
    AddressSet reached = node(child).passing;
    reached.remove(matched);
    node(index).passing.add(reached);
    node(index).passes_all |= node(child).passes_all;
  }

  void note_width(std::size_t index, const spf::Directive& directive, unsigned prefix) {
    constexpr unsigned wide = 8;
    if (prefix <= wide && directive.result == spf::ResultCode::pass) {
      node(index).wide_terms.emplace_back(directive.text);
    }
  }

  // Nullopt where there was no answer.
  std::optional<dns::Answer> ask(std::size_t index, const std::string& name, RecordType type) {
    dns::Answer answer = lookups_.lookup(name, type).get();
    if (dns::is_temporary(answer.status)) {
      node(index).failures.push_back({{name, type}, answer.status});
      return std::nullopt;
    }
    return answer;
  }

  SpfNode& node(std::size_t index) { return tree_.nodes[index]; }

  const dns::Lookups& lookups_;
  std::string root_;
  SpfTree tree_;
  std::size_t terms_ = 0;
  std::size_t main_ = 0;  // the domain itself, or what it redirects to
  std::vector<std::string> path_;
};

}  // namespace

std::string_view format_spf_node_status(SpfNodeStatus status) {
  switch (status) {
    case SpfNodeStatus::found:
      return "found";
    case SpfNodeStatus::none:
      return "none";
    case SpfNodeStatus::many:
      return "many";
    case SpfNodeStatus::broken:
      return "broken";
    case SpfNodeStatus::loop:
      return "loop";
    case SpfNodeStatus::unknown:
      return "unknown";
    case SpfNodeStatus::not_followed:
      return "not followed";
  }
  std::unreachable();
}

std::size_t SpfTree::lookups() const {
  std::size_t sum = 0;
  for (const SpfNode& node : nodes) {
    sum += node.lookup_terms.size();
  }
  return sum;
}

std::size_t SpfTree::voids() const {
  std::size_t sum = 0;
  for (const SpfNode& node : nodes) {
    sum += node.void_terms.size();
  }
  return sum;
}

bool SpfTree::has(SpfNodeStatus status) const {
  return std::ranges::count(nodes, status, &SpfNode::status) > 0;
}

SpfTree read_spf_tree(const dns::Lookups& lookups, const std::string& domain) {
  return Reader(lookups, domain).read();
}

}  // namespace sekisho::domain_check
