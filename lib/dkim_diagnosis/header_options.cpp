#include "dkim_diagnosis/header_options.hpp"

#include "dkim/canonicalize.hpp"
#include "dkim/header_hash.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_signed_names = 200;      // beyond: as they are
constexpr std::size_t max_repaired_instances = 4;  // of one name, from the bottom
constexpr std::size_t max_removed_instances = 20;
constexpr std::size_t max_repaired_texts = 30;  // of one name; beyond, fields are only removed

bool is_added_by_lists(std::string_view name) {
  return name.starts_with("list-") || name == "sender" || name == "precedence" ||
         name == "errors-to" || name == "reply-to" || name == "archived-at" ||
         name.starts_with("x-") || name.starts_with("resent-");
}

using Instances = std::vector<const mail::HeaderField*>;  // from the bottom

// How much may be offered: a hundred fields of 8 KB have more repairs than memory has room.
struct Room {
  Budget& budget;
  std::size_t octets = max_option_octets;

  [[nodiscard]] bool is_left() const { return octets > 0 && !budget.is_exhausted(); }
  void take(std::size_t taken) {
    octets -= std::min(octets, taken);
    static_cast<void>(budget.copy(taken));
  }
};

// Builds the options of one name.
class Builder {
 public:
  Builder(std::string name, std::size_t wanted, Instances instances,
          dkim::Canonicalization canonicalization, const FieldHints& hints, Room& room)
      : wanted_(wanted),
        instances_(std::move(instances)),
        canonicalization_(canonicalization),
        hints_(hints),
        room_(room) {
    result_.name = std::move(name);
  }

  SignedName build() && {
    add({}, {}, instances_, true);
    if (instances_.size() == 1) {
      add_removal({0});
    } else {
      add_removals();
    }
    if (std::min(wanted_, instances_.size()) <= max_repaired_texts) {
      add_repairs();
      add_restored();
      add_orders();
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::vector<std::string> texts_of(const Instances& instances) const {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < std::min(wanted_, instances.size()); ++i) {
      texts.push_back(dkim::canonicalize_header(*instances[i], canonicalization_));
    }
    return texts;
  }

  static std::size_t octets_of(const std::vector<std::string>& texts,
                               const std::vector<HeaderEdit>& edits,
                               const std::vector<HeaderChange>& changes) {
    std::size_t octets = 0;
    for (const std::string& text : texts) {
      octets += 2 * text.size();  // seen_ has another
    }
    for (const HeaderEdit& edit : edits) {
      octets += edit.with ? edit.with->value.size() : 0;
    }
    for (const HeaderChange& change : changes) {
      octets += (change.was ? change.was->size() : 0) + (change.now ? change.now->size() : 0);
    }
    return octets;
  }

  // Nullopt where it makes no difference.
  std::optional<std::size_t> add(std::vector<HeaderEdit> edits, std::vector<HeaderChange> changes,
                                 const Instances& instances, bool is_likely) {
    std::vector<std::string> texts = texts_of(instances);
    room_.take(octets_of(texts, edits, changes));
    if (!seen_.insert(texts).second) {
      return std::nullopt;
    }
    result_.options.push_back({std::move(texts), std::move(edits), std::move(changes), is_likely});
    return result_.options.size() - 1;
  }

  [[nodiscard]] std::size_t number_from_top(std::size_t from_bottom) const {
    return instances_.size() - from_bottom;
  }

  std::optional<std::size_t> add_removal(const std::vector<std::size_t>& removed) {
    std::vector<HeaderEdit> edits;
    std::vector<HeaderChange> changes;
    Instances left;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      if (std::ranges::count(removed, i) == 0) {
        left.push_back(instances_[i]);
        continue;
      }
      edits.push_back({instances_[i], std::nullopt});
      changes.push_back({.id = ChangeId::head_added,
                         .field = instances_[i]->name,
                         .instance = number_from_top(i),
                         .was = std::nullopt,
                         .now = instances_[i]->value});
    }
    const auto option = add(std::move(edits), std::move(changes), left, true);
    if (option && left.empty() && is_added_by_lists(result_.name)) {
      result_.without_list = option;
    }
    if (option && left.empty() && found_value() == "") {
      result_.with_content = option;
    }
    return option;
  }

  // What the field says of the body that was found; nullopt: it says nothing of bodies.
  [[nodiscard]] std::optional<std::string> found_value() const {
    if (!hints_.found) {
      return std::nullopt;
    }
    if (result_.name == "content-type") {
      return hints_.found->type;
    }
    return result_.name == "content-transfer-encoding" ? std::optional(hints_.found->encoding)
                                                       : std::nullopt;
  }

  void note_content(const FieldRepair& repair, std::optional<std::size_t> option) {
    if (option && !result_.with_content && found_value() == repair.field.value) {
      result_.with_content = option;
    }
  }

  void add_removals() {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < instances_.size() && i < max_removed_instances; ++i) {
      static_cast<void>(add_removal({i}));
      all.push_back(i);
    }
    if (all.size() == instances_.size()) {
      static_cast<void>(add_removal(all));
    }
  }

  void add_repairs() {
    const std::size_t end = std::min(instances_.size(), max_repaired_instances);
    for (std::size_t i = 0; i < end && room_.is_left(); ++i) {
      const mail::HeaderField& now = *instances_[i];
      for (FieldRepair& repair : repair_field(now, hints_)) {
        if (!room_.is_left()) {
          return;
        }
        Instances instances = instances_;
        instances[i] = &repair.field;
        HeaderChange change{.id = repair.id,
                            .field = now.name,
                            .instance = number_from_top(i),
                            .was = repair.field.value,
                            .now = now.value};
        note_content(repair,
                     add({{&now, repair.field}}, {std::move(change)}, instances, repair.is_likely));
      }
    }
  }

  // A field that is not there any more stood above or below the others.
  void add_restored() {
    if (instances_.size() >= wanted_ || !room_.is_left()) {
      return;
    }
    for (const FieldRepair& repair : restore_field(name_as_written(), hints_)) {
      Instances instances = instances_;
      instances.push_back(&repair.field);
      HeaderChange change{
          .id = ChangeId::head_gone, .field = repair.field.name, .was = repair.field.value};
      note_content(
          repair, add({{nullptr, repair.field}}, {std::move(change)}, instances, repair.is_likely));
    }
  }

  [[nodiscard]] std::string name_as_written() const {
    std::string name = result_.name;
    for (std::size_t i = 0; i < name.size(); ++i) {
      if ((i == 0 || name[i - 1] == '-') && name[i] >= 'a' && name[i] <= 'z') {
        name[i] = static_cast<char>(name[i] - 'a' + 'A');
      }
    }
    return name == "Mime-Version" ? "MIME-Version" : name == "Message-Id" ? "Message-ID" : name;
  }

  void add_order(const Instances& order) {
    std::vector<HeaderEdit> edits;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      if (instances_[i] != order[i]) {
        edits.push_back({instances_[i], *order[i]});
      }
    }
    HeaderChange change{
        .id = ChangeId::head_double, .field = instances_.front()->name, .instance = 1};
    static_cast<void>(add(std::move(edits), {std::move(change)}, order, false));
  }

  void add_orders() {
    if (instances_.size() < 2 || instances_.size() > max_removed_instances) {
      return;
    }
    Instances order = instances_;
    std::ranges::reverse(order);
    add_order(order);
    for (std::size_t i = 0; i + 1 < instances_.size(); ++i) {
      order = instances_;
      std::swap(order[i], order[i + 1]);
      add_order(order);
    }
  }

  std::size_t wanted_;
  Instances instances_;
  dkim::Canonicalization canonicalization_;
  const FieldHints& hints_;
  Room& room_;
  std::set<std::vector<std::string>> seen_;
  SignedName result_;
};

// The fields of each name from the bottom, without the signature itself.
std::map<std::string, Instances> by_name(const mail::HeaderSection& header,
                                         const mail::HeaderField* signature_field) {
  std::map<std::string, Instances> instances;
  for (auto field = header.rbegin(); field != header.rend(); ++field) {
    if (&*field != signature_field) {
      instances[mail::to_lower(mail::trimmed(field->name))].push_back(&*field);
    }
  }
  return instances;
}

// Where two names have changes, the DKIM-Signature's own tags may be folded in other places.
std::vector<std::string> other_layouts(const mail::HeaderField& field) {
  FieldRepairs repairs;
  add_layout_repairs(field, repairs);
  std::vector<std::string> values;
  for (const FieldRepair& repair : repairs) {
    values.push_back(repair.field.value);
  }
  std::string without_blanks = field.value;
  std::erase_if(without_blanks, mail::is_folding_white_space);
  for (const std::string_view separator : {"; ", ";", ";\r\n\t", ";\r\n "}) {
    std::string value(" ");
    for (const char c : without_blanks) {
      value += c == ';' ? std::string(separator) : std::string(1, c);
    }
    values.push_back(value);
    values.push_back(value.substr(1));
    values.push_back(value + ";");
    if (value.ends_with(separator)) {
      values.push_back(value.substr(0, value.size() - separator.size()));
    }
  }
  return values;
}

}  // namespace

std::vector<NameOption> signature_field_options(const mail::HeaderField& field,
                                                dkim::Canonicalization canonicalization) {
  std::vector<NameOption> options;
  std::set<std::string> seen;
  const auto add = [&](const mail::HeaderField& other, bool is_same, ChangeId id) {
    const mail::HeaderField bare = dkim::without_signature_value(other);
    std::string text = dkim::canonicalize_header(bare, canonicalization);
    text.resize(text.size() - 2);
    if (!seen.insert(text).second) {
      return;
    }
    NameOption option{.texts = {std::move(text)}, .edits = {}, .changes = {}, .is_likely = is_same};
    if (!is_same) {
      option.edits = {{&field, other}};
      option.changes = {
          {.id = id, .field = field.name, .instance = 1, .was = other.value, .now = field.value}};
    }
    options.push_back(std::move(option));
  };
  add(field, true, ChangeId::sig_self);
  if (field.value.size() > max_repaired_value) {
    return options;
  }
  for (const std::string& value : other_layouts(field)) {
    add({field.name, value}, false, ChangeId::sig_self);
  }
  for (const std::string_view name : {"DKIM-Signature", "Dkim-Signature", "dkim-signature"}) {
    add({std::string(name), field.value}, false, ChangeId::sig_self);
  }
  return options;
}

SignedHeader find_options(const dkim::Signature& signature,
                          const mail::HeaderField* signature_field,
                          const mail::HeaderSection& header, const FieldHints& hints,
                          Budget& budget) {
  SignedHeader result;
  Room room{.budget = budget};
  std::map<std::string, std::size_t> numbers;
  std::vector<std::size_t> wanted;
  for (const std::string& name : signature.signed_names) {
    const auto [at, is_new] = numbers.try_emplace(name, wanted.size());
    if (is_new) {
      wanted.push_back(0);
      result.names.emplace_back().name = name;
    }
    result.places.push_back({at->second, wanted[at->second]++});
  }
  auto instances = by_name(header, signature_field);
  for (std::size_t i = 0; i < result.names.size(); ++i) {
    Instances& fields = instances[result.names[i].name];
    Builder builder(result.names[i].name, wanted[i], fields, signature.header_canonicalization,
                    hints, room);
    result.names[i] = std::move(builder).build();
    if (i >= max_signed_names) {
      result.names[i].options.resize(1);
    }
  }
  return result;
}

mail::HeaderSection edited(const mail::HeaderSection& header, const std::vector<HeaderEdit>& edits,
                           const mail::HeaderField*& signature_field) {
  mail::HeaderSection section;
  std::optional<std::size_t> signature_at;
  section.reserve(header.size() + edits.size());
  for (const HeaderEdit& edit : edits) {
    if (edit.field == nullptr) {
      section.push_back(*edit.with);  // on top: h= takes it last
    }
  }
  for (const mail::HeaderField& field : header) {
    const auto edit = std::ranges::find(edits, &field, &HeaderEdit::field);
    if (edit != edits.end() && !edit->with) {
      continue;
    }
    if (&field == signature_field) {
      signature_at = section.size();
    }
    section.push_back(edit != edits.end() ? *edit->with : field);
  }
  signature_field = signature_at ? &section[*signature_at] : nullptr;
  return section;
}

}  // namespace sekisho::dkim_diagnosis
