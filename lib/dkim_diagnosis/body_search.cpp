#include "dkim_diagnosis/body_search.hpp"

#include "dkim_diagnosis/body_repairs.hpp"
#include "dkim_diagnosis/body_target.hpp"
#include "dkim_diagnosis/canonical_body.hpp"
#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_head_lines = 64;
constexpr std::size_t max_block_lines = 64;
constexpr std::size_t max_block_work = 300'000'000;  // octets
constexpr std::size_t max_line_work = 400'000'000;   // octets
constexpr std::size_t max_block_boundaries = 40;

using Found = std::optional<BodyExplanation>;

dkim::Canonicalization other(dkim::Canonicalization canonicalization) {
  return canonicalization == dkim::Canonicalization::simple ? dkim::Canonicalization::relaxed
                                                            : dkim::Canonicalization::simple;
}

// One search; `first` is the repair that was made before, in the search for two.
class Search {
 public:
  Search(BodyTarget& target, std::string_view came, const BodyView& view, const Repair* first)
      : target_(target),
        came_(came),
        view_(view),
        first_(first),
        canonical_(view.text, target.canonicalization()) {}

  Found at_the_ends() {
    if (const auto kept = target_.find_tail(canonical_)) {
      return removed(ChangeId::body_tail, *kept, line_count());
    }
    if (const auto dropped = target_.find_head(canonical_, max_head_lines)) {
      return removed(ChangeId::body_head, 0, *dropped);
    }
    return {};
  }

  Found at_both_ends() {
    for (std::size_t k = 1; k <= std::min(max_head_lines, canonical_.line_count()); ++k) {
      if (const auto kept = target_.find_tail(canonical_, k)) {
        if (*kept == k) {
          return {};  // the empty body, which at_the_ends() finds
        }
        return removed_both(k, *kept);
      }
      if (target_.budget().is_exhausted()) {
        break;
      }
    }
    return {};
  }

  Found in_the_middle() {
    Found found = between_boundaries();
    if (!found) {
      found = between_paragraphs();
    }
    return found ? found : anywhere();
  }

  Found one_line() {
    const std::size_t octets = canonical_.text().size();
    if (octets / 2 * canonical_.line_count() > max_line_work) {
      return {};
    }
    std::vector<std::size_t> rules;
    const auto alternatives = [&](std::size_t line) {
      rules.clear();
      return alternatives_of(line, rules);
    };
    const auto found = target_.find_line(canonical_, alternatives);
    if (!found) {
      return {};
    }
    const LineRule& rule = line_rules()[rules[found->second]];
    const std::size_t begin = start_of(found->first);
    const std::size_t end = start_of(found->first + 1);
    const std::string_view line = view_.text.substr(begin, end - begin);
    auto edited = rule.edit(line);
    edited = edited ? edited : rule.edit(canonical_.line(found->first));
    return explained({.id = rule.id, .splices = {{begin, end, edited.value_or("")}}});
  }

  Found by_repairs() {
    Found found;
    const auto sink = [&](const Repair& repair) {
      return fits(repair, found) || target_.budget().is_exhausted();
    };
    static_cast<void>(repair_body(view_, sink));
    return found;
  }

  Found in_parts() {
    Found found;
    const auto sink = [&](const Repair& repair) {
      return fits(repair, found) || target_.budget().is_exhausted();
    };
    static_cast<void>(repair_part_tails(view_, sink));
    return found;
  }

  [[nodiscard]] std::size_t line_count() const { return split_lines(view_.text).size(); }
  [[nodiscard]] const BodyView& view() const { return view_; }

 private:
  [[nodiscard]] std::size_t start_of(std::size_t line) const {
    std::size_t at = 0;
    for (; line > 0 && at < view_.text.size(); --line) {
      const std::size_t end = view_.text.find(mail::crlf, at);
      at = end == std::string_view::npos ? view_.text.size() : end + mail::crlf.size();
    }
    return at;
  }

  // Where whole lines are removed and nothing else is done, the rest is canonical already.
  bool fits_without_lines(const Repair& repair, Found& found) {
    std::vector<std::string_view> pieces;
    std::size_t at = 0;
    for (const Splice& splice : repair.splices) {
      const std::size_t begin = canonical_.start(line_number(splice.begin));
      pieces.push_back(canonical_.text().substr(at, begin - at));
      at = canonical_.start(line_number(splice.end));
    }
    pieces.push_back(canonical_.text().substr(at));
    if (!target_.fits(pieces)) {
      return false;
    }
    found = explained(repair);
    return true;
  }

  // Of the line that begins at `offset`, or of the end.
  [[nodiscard]] std::size_t line_number(std::size_t offset) const {
    const auto found = std::ranges::lower_bound(starts_, offset);
    return std::min(static_cast<std::size_t>(found - starts_.begin()), canonical_.line_count());
  }

  [[nodiscard]] bool removes_lines(const Repair& repair) {
    if (starts_.empty()) {
      std::size_t at = 0;
      for (const std::string_view line : split_lines(view_.text)) {
        starts_.push_back(at);
        at += line.size();
      }
    }
    const auto is_start = [this](std::size_t offset) {
      return offset == view_.text.size() || std::ranges::binary_search(starts_, offset);
    };
    return std::ranges::all_of(repair.splices, [&](const Splice& splice) {
      return splice.text.empty() && is_start(splice.begin) && is_start(splice.end);
    });
  }

  bool fits(const Repair& repair, Found& found) {
    if (repair.id == ChangeId::body_part_tail && removes_lines(repair)) {
      return fits_without_lines(repair, found);
    }
    if (!target_.budget().copy(view_.text.size()) ||
        !target_.fits_body(spliced(view_.text, repair.splices))) {
      return false;
    }
    found = explained(repair);
    return true;
  }

  [[nodiscard]] Found explained(const Repair& repair) const {
    BodyExplanation explanation;
    explanation.body = spliced(view_.text, repair.splices);
    explanation.content = repair.content;
    if (first_ == nullptr) {
      explanation.changes = {describe(came_, repair)};
      return explanation;
    }
    explanation.content = repair.content ? repair.content : first_->content;
    Repair mapped = repair;  // to the lines of the message as it came
    for (Splice& splice : mapped.splices) {
      const std::size_t last = splice.end > splice.begin ? splice.end - 1 : splice.begin;
      splice.begin = offset_before(first_->splices, splice.begin);
      splice.end = std::min(came_.size(), offset_before(first_->splices, last) + 1);
    }
    explanation.changes = {describe(came_, *first_), describe(came_, mapped)};
    return explanation;
  }

  [[nodiscard]] Found removed(ChangeId id, std::size_t begin, std::size_t end) const {
    return explained({.id = id, .splices = {{start_of(begin), start_of(end), ""}}});
  }

  [[nodiscard]] Found removed_both(std::size_t head, std::size_t kept) const {
    const Splice first{0, start_of(head), ""};
    const Splice last{start_of(kept), view_.text.size(), ""};
    BodyExplanation explanation;
    explanation.body = spliced(view_.text, {first, last});
    explanation.changes = {describe(came_, {.id = ChangeId::body_head, .splices = {first}}),
                           describe(came_, {.id = ChangeId::body_tail, .splices = {last}})};
    return first_ == nullptr ? Found(std::move(explanation)) : std::nullopt;
  }

  Found between_boundaries() {
    const std::vector<BoundaryLine>& lines = view_.structure.boundaries;
    if (lines.empty() || lines.size() > max_block_boundaries) {
      return {};
    }
    std::vector<std::size_t> numbers;
    for (const BoundaryLine& line : lines) {
      numbers.push_back(line_at(view_.text, line.begin));
    }
    const auto is_boundary = [&](std::size_t line) {
      return std::ranges::binary_search(numbers, line);
    };
    return block({is_boundary, is_boundary, 0});
  }

  [[nodiscard]] bool is_seam(std::size_t line) const {
    if (line == 0 || line >= canonical_.line_count()) {
      return true;
    }
    const std::string_view text = canonical_.line(line);
    return text == mail::crlf || canonical_.line(line - 1) == mail::crlf ||
           text.starts_with("--") || text.starts_with('<') || text.starts_with("__") ||
           text.starts_with("==");
  }

  Found between_paragraphs() {
    const auto seam = [this](std::size_t line) { return is_seam(line); };
    return block({seam, seam, max_block_lines});
  }

  Found anywhere() {
    const std::size_t octets = canonical_.text().size();
    if (octets / 2 * canonical_.line_count() * max_block_lines > max_block_work) {
      return {};
    }
    const auto always = [](std::size_t) { return true; };
    return block({always, always, max_block_lines});
  }

  Found block(const BodyTarget::BlockRules& rules) {
    const auto found = target_.find_block(canonical_, rules);
    return found ? removed(ChangeId::body_block, found->first, found->second) : std::nullopt;
  }

  std::vector<std::string> alternatives_of(std::size_t line,
                                           std::vector<std::size_t>& rules) const {
    std::vector<std::string> texts;
    const std::string_view canonical = canonical_.line(line);
    for (std::size_t i = 0; i < line_rules().size(); ++i) {
      const auto edited = line_rules()[i].edit(canonical);
      // What canonicalization takes away again makes no difference.
      if (edited && !(target_.canonicalization() == dkim::Canonicalization::relaxed &&
                      is_blank_edit(canonical, *edited))) {
        texts.push_back(*edited);
        rules.push_back(i);
      }
    }
    return texts;
  }

  static bool is_blank_edit(std::string_view line, const std::string& edited) {
    const auto reduced = [](std::string_view text) {
      return std::string(CanonicalBody(text, dkim::Canonicalization::relaxed).text());
    };
    return reduced(line) == reduced(edited);
  }

  BodyTarget& target_;
  std::string_view came_;
  const BodyView& view_;
  const Repair* first_;
  CanonicalBody canonical_;
  std::vector<std::size_t> starts_;  ///< Of the lines of view_; empty until they are needed.
};

using Step = Found (Search::*)();

Found whole_body(ChangeId id, std::string_view body, std::size_t line) {
  return BodyExplanation{.changes = {{.id = id, .line = line, .lines = line == 0 ? 0U : 1U}},
                         .body = std::string(body)};
}

// What a signer that is not in order may have hashed.
Found by_signer(BodyTarget& target, std::string_view body) {
  if (!target.budget().copy(body.size())) {
    return {};
  }
  const CanonicalBody wrong(body, other(target.canonicalization()));
  if (target.fits(wrong.text())) {
    Found found = whole_body(ChangeId::body_canon, body, 0);
    found->canonicalization = other(target.canonicalization());
    return found;
  }
  if (!target.budget().copy(body.size())) {
    return {};
  }
  const CanonicalBody right(body, target.canonicalization());
  const std::string_view text = right.text();
  const std::size_t last = right.line_count();
  const std::string_view pieces[] = {text, mail::crlf};
  if (target.fits(text.substr(0, text.size() - std::min(text.size(), mail::crlf.size()))) ||
      target.fits(pieces) || target.fits(body)) {
    Found found = whole_body(ChangeId::body_tail_crlf, body, last);
    found->is_canonical = false;
    return found;
  }
  return {};
}

// The whole body fits although l= says that a part of it was hashed.
Found without_length(const dkim::Signature& signature, std::string_view body, Budget& budget) {
  dkim::Signature whole = signature;
  whole.body_length.reset();
  BodyTarget target(whole, budget);
  Found found = target.fits_body(body) ? whole_body(ChangeId::body_l, body, 0) : std::nullopt;
  if (found) {
    found->ignores_length = true;
  }
  return found;
}

// One repair, and then another one that `step` finds.
Found second_of_two(BodyTarget& target, std::string_view body, const BodyView& view, Step step) {
  Found found;
  const auto sink = [&](const Repair& repair) {
    if (!target.budget().copy(2 * body.size())) {
      return true;
    }
    const std::string repaired = spliced(body, repair.splices);
    const BodyView next(repaired, repair.content.value_or(view.content), view.old_boundaries);
    Search search(target, body, next, &repair);
    found = (search.*step)();
    return found.has_value() || target.budget().is_exhausted();
  };
  static_cast<void>(repair_body(view, sink));
  return found;
}

}  // namespace

std::optional<BodyExplanation> explain_body(const dkim::Signature& signature, std::string_view body,
                                            const BodyHints& hints, Budget& budget) {
  BodyTarget target(signature, budget);
  Found found = signature.body_length ? without_length(signature, body, budget) : std::nullopt;
  if (!found && body.size() <= max_repaired_body) {
    found = by_signer(target, body);
  }
  if (found) {
    return found;
  }
  const BodyView view(body, hints.content, hints.boundaries);
  Search search(target, body, view, nullptr);
  found = search.at_the_ends();
  if (found || body.size() > max_repaired_body) {
    return found ? found : search.at_both_ends();
  }
  for (const Step step : {&Search::by_repairs, &Search::at_both_ends, &Search::in_parts,
                          &Search::in_the_middle, &Search::one_line}) {
    if (budget.is_exhausted()) {
      return {};
    }
    found = (search.*step)();
    if (found) {
      return found;
    }
  }
  for (const Step step : {&Search::at_the_ends, &Search::in_parts, &Search::by_repairs}) {
    found =
        found || budget.is_exhausted() ? std::move(found) : second_of_two(target, body, view, step);
  }
  return found;
}

}  // namespace sekisho::dkim_diagnosis
