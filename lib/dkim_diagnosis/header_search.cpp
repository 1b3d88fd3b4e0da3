#include "dkim_diagnosis/header_search.hpp"

#include "crypto/digest.hpp"
#include "dkim_diagnosis/header_options.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

// How many changes, and which options may be among them.
struct Round {
  std::size_t changes = 0;
  bool only_likely = true;
  bool without_list = false;  ///< Begins with what lists add taken away.
  bool with_content = false;  ///< Begins with the Content- fields of the body that was found.
};
constexpr Round rounds[] = {
    {0, true, false},  {1, true, false},  {0, true, true},  {1, true, true},   {2, true, false},
    {1, false, false}, {2, true, true},   {1, false, true}, {3, true, false},  {3, true, true},
    {4, true, false},  {4, true, true},   {5, true, false}, {2, false, false}, {2, false, true},
    {5, true, true},   {3, false, false}, {3, false, true}, {6, true, false},  {6, true, true},
};

// Walks through the places of h=, and at the first place of each name through its options. The
// recursion is as deep as there are names with options, of which find_options() limits the number.
class Walk {
 public:
  Walk(const dkim::Signature& signature, const SignedHeader& header,
       const std::vector<NameOption>& signature_options, const HeaderTarget& target, Budget& budget)
      : header_(header),
        signature_options_(signature_options),
        target_(target),
        algorithm_(target.digest ? target.digest->algorithm : signature.body_hash_request().hash),
        signature_(signature),
        budget_(budget),
        chosen_(header.names.size()),
        is_open_(header.names.size()) {}

  bool find(const Round& round) {
    round_ = round;
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      chosen_[i] = base_of(i);
      is_open_[i] = header_.names[i].options.size() > 1;
    }
    return step(crypto::Digest(algorithm_), 0, round.changes);
  }

  [[nodiscard]] const std::vector<std::size_t>& chosen() const { return chosen_; }
  [[nodiscard]] std::size_t signature_option() const { return signature_option_; }

 private:
  [[nodiscard]] std::size_t base_of(std::size_t name) const {
    const SignedName& signed_name = header_.names[name];
    if (round_.with_content && signed_name.with_content) {
      return *signed_name.with_content;
    }
    return round_.without_list ? signed_name.without_list.value_or(0) : 0;
  }

  bool step(crypto::Digest digest, std::size_t place, std::size_t changes_left) {
    // As far as nothing is open, there is one way.
    while (place < header_.places.size() &&
           (changes_left == 0 || !is_open_[header_.places[place].name])) {
      add(digest, place++);
    }
    if (place == header_.places.size()) {
      return changes_left <= 1 && ends(digest, changes_left == 1);
    }
    const std::size_t name = header_.places[place].name;
    is_open_[name] = false;
    if (branch(digest, place, name, changes_left)) {
      return true;
    }
    chosen_[name] = base_of(name);
    is_open_[name] = true;
    return false;
  }

  bool branch(const crypto::Digest& digest, std::size_t place, std::size_t name,
              std::size_t changes_left) {
    const std::vector<NameOption>& options = header_.names[name].options;
    const std::size_t base = base_of(name);
    for (std::size_t i = 0; i < options.size() && !budget_.is_exhausted(); ++i) {
      if (i == base || (round_.only_likely && !options[i].is_likely)) {
        continue;
      }
      chosen_[name] = i;
      if (step_over(digest, place, changes_left - 1)) {
        return true;
      }
    }
    chosen_[name] = base;
    return step_over(digest, place, changes_left);
  }

  bool step_over(const crypto::Digest& before, std::size_t place, std::size_t changes_left) {
    crypto::Digest digest(before);
    add(digest, place);
    return step(std::move(digest), place + 1, changes_left);
  }

  void add(crypto::Digest& digest, std::size_t place) const {
    const SignedHeader::Place& at = header_.places[place];
    const std::vector<std::string>& texts = header_.names[at.name].options[chosen_[at.name]].texts;
    if (at.text < texts.size()) {
      digest.update(texts[at.text]);
    }
  }

  // The field of the signature itself comes last.
  bool ends(const crypto::Digest& digest, bool is_changed) {
    const std::size_t end = is_changed ? (round_.only_likely ? 0 : signature_options_.size()) : 1;
    for (std::size_t i = is_changed ? 1 : 0; i < end; ++i) {
      const std::string& text = signature_options_[i].texts.front();
      if (!budget_.spend(text.size())) {
        return false;
      }
      crypto::Digest whole(digest);
      whole.update(text);
      if (is_target(whole.finish())) {
        signature_option_ = i;
        return true;
      }
    }
    return false;
  }

  bool is_target(const crypto::Bytes& hash) {
    if (target_.digest) {
      return hash == target_.digest->digest;
    }
    return budget_.spend_verification() &&
           target_.key->verify(algorithm_, hash, signature_.signature);
  }

  const SignedHeader& header_;
  const std::vector<NameOption>& signature_options_;
  const HeaderTarget& target_;
  crypto::HashAlgorithm algorithm_;
  const dkim::Signature& signature_;
  Budget& budget_;
  Round round_;
  std::vector<std::size_t> chosen_;
  std::vector<bool> is_open_;
  std::size_t signature_option_ = 0;
};

HeaderExplanation explained(const SignedHeader& options, const Walk& walk,
                            const std::vector<NameOption>& signature_options,
                            const mail::HeaderSection& header,
                            const mail::HeaderField& signature_field) {
  HeaderExplanation explanation;
  std::vector<HeaderEdit> edits;
  const auto take = [&](const NameOption& option) {
    explanation.changes.insert(explanation.changes.end(), option.changes.begin(),
                               option.changes.end());
    edits.insert(edits.end(), option.edits.begin(), option.edits.end());
  };
  for (std::size_t i = 0; i < options.names.size(); ++i) {
    take(options.names[i].options[walk.chosen()[i]]);
  }
  take(signature_options[walk.signature_option()]);
  const mail::HeaderField* at = &signature_field;
  explanation.header = edited(header, edits, at);
  explanation.signature_at = static_cast<std::size_t>(at - explanation.header.data());
  return explanation;
}

}  // namespace

std::optional<HeaderExplanation> explain_header(const dkim::Signature& signature,
                                                const mail::HeaderField& signature_field,
                                                const mail::HeaderSection& header,
                                                const HeaderTarget& target, const FieldHints& hints,
                                                Budget& budget) {
  const SignedHeader options = find_options(signature, &signature_field, header, hints, budget);
  const auto signature_options =
      signature_field_options(signature_field, signature.header_canonicalization);
  Walk walk(signature, options, signature_options, target, budget);
  const bool has_content = std::ranges::any_of(
      options.names, [](const SignedName& name) { return name.with_content.has_value(); });
  for (Round round : rounds) {
    for (const bool with_content : {false, true}) {
      round.with_content = with_content;
      if (budget.is_exhausted()) {
        return std::nullopt;
      }
      if ((!with_content || has_content) && walk.find(round)) {
        return explained(options, walk, signature_options, header, signature_field);
      }
    }
  }
  return std::nullopt;
}

}  // namespace sekisho::dkim_diagnosis
