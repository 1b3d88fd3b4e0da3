#include "dkim_diagnosis/repair.hpp"

#include <algorithm>

namespace sekisho::dkim_diagnosis {

std::string spliced(std::string_view body, const std::vector<Splice>& splices) {
  std::string repaired;
  repaired.reserve(body.size());
  std::size_t at = 0;
  for (const Splice& splice : splices) {
    repaired.append(body.substr(at, splice.begin - at)).append(splice.text);
    at = splice.end;
  }
  repaired.append(body.substr(at));
  return repaired;
}

std::size_t offset_before(const std::vector<Splice>& splices, std::size_t offset) {
  std::size_t in = 0;   // of the body
  std::size_t out = 0;  // of the repaired body
  for (const Splice& splice : splices) {
    const std::size_t kept = splice.begin - in;
    if (offset < out + kept) {
      return in + (offset - out);
    }
    out += kept;
    if (offset < out + splice.text.size()) {
      return splice.begin;
    }
    out += splice.text.size();
    in = splice.end;
  }
  return in + (offset - out);
}

BodyChange describe(std::string_view body, const Repair& repair) {
  BodyChange change{.id = repair.id, .part = repair.part};
  std::size_t line = 1;  // of the octet at `at`
  std::size_t at = 0;
  std::size_t next_uncounted = 1;
  const auto move_to = [&](std::size_t offset) {
    for (; at < offset; ++at) {
      line += body[at] == '\n' && at > 0 && body[at - 1] == '\r' ? 1 : 0;
    }
  };
  for (const Splice& splice : repair.splices) {
    move_to(splice.begin);
    const std::size_t first = line;
    change.line = change.line == 0 ? first : change.line;
    move_to(splice.end > splice.begin ? splice.end - 1 : splice.begin);
    const std::size_t from = std::max(first, next_uncounted);
    change.lines += line >= from ? line - from + 1 : 0;
    next_uncounted = line + 1;
  }
  return change;
}

}  // namespace sekisho::dkim_diagnosis
