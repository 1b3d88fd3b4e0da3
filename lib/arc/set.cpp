#include "arc/set.hpp"

#include "mail/tag_list.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::arc {

namespace {

struct Part {
  std::string_view name;
  const mail::HeaderField* Set::* place;
};

// In the order in which a seal covers them (RFC 8617 §5.1.1).
constexpr Part parts[] = {
    {"ARC-Authentication-Results", &Set::results},
    {"ARC-Message-Signature", &Set::signature},
    {"ARC-Seal", &Set::seal},
};

std::optional<std::size_t> find_instance(const mail::HeaderField& field, const Part& part) {
  if (part.place == &Set::results) {
    const auto instance = find_leading_instance(field.value);
    return instance ? std::optional(instance->position) : std::nullopt;
  }
  const std::string text = as_tag_list(field.value);
  const auto tags = mail::TagList::parse(text);
  const auto position = tags ? tags->find("i") : std::nullopt;
  return position ? parse_position(*position) : std::nullopt;
}

// Adds the field to its set, or returns why it has no place there.
std::optional<Failure> add(const mail::HeaderField& field, const Part& part, std::size_t max_sets,
                           std::vector<Set>& sets) {
  const std::optional<std::size_t> instance = find_instance(field, part);
  if (!instance) {
    return failure_of(Fault::invalid_instance, {.text = part.name});
  }
  if (*instance > max_sets) {
    return failure_of(Fault::too_many_sets, {.number = max_sets});
  }
  sets.resize(std::max(sets.size(), *instance));
  const mail::HeaderField*& place = sets[*instance - 1].*part.place;
  if (place != nullptr) {
    return failure_of(Fault::duplicate_field, {*instance, part.name});
  }
  place = &field;
  return std::nullopt;
}

std::optional<Failure> find_missing(const std::vector<Set>& sets) {
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (const Part& part : parts) {
      if (sets[i].*part.place == nullptr) {
        return failure_of(Fault::missing_field, {i + 1, part.name});
      }
    }
  }
  return std::nullopt;
}

}  // namespace

Sets collect_sets(const mail::HeaderSection& header, std::size_t max_sets) {
  Sets sets;
  for (const mail::HeaderField& field : header) {
    const auto* const part = std::ranges::find_if(
        parts, [&field](const Part& each) { return mail::is_named(field, each.name); });
    if (part == std::end(parts)) {
      continue;
    }
    sets.is_empty = false;
    auto failure = add(field, *part, max_sets, sets.by_instance);
    if (!sets.failure) {
      sets.failure = std::move(failure);
    }
  }
  if (!sets.failure) {
    sets.failure = find_missing(sets.by_instance);
  }
  return sets;
}

}  // namespace sekisho::arc
