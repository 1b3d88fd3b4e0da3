#include "tools/report/breakage_text.hpp"

#include "tools/report/read_report.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using report::analysis::Breakage;
using Json = nlohmann::ordered_json;

constexpr std::size_t max_shown_parties = 30;
constexpr std::size_t max_shown_authors = 3;

std::string_view meaning_of(std::string_view change) {
  return change == "body.tail" ? "lines were added at the end of the body"
         : change == "body"    ? "the body was changed"
                               : "a signed header field was changed";
}

/// "list" and "members.example.org"
std::pair<std::string_view, std::string_view> parts_of(std::string_view party) {
  const std::size_t colon = party.find(':');
  return colon == party.npos ? std::pair<std::string_view, std::string_view>{}
                             : std::pair{party.substr(0, colon), party.substr(colon + 1)};
}

std::vector<std::pair<std::string, std::uint64_t>> largest_first(
    const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::ranges::greater{},
                           [](const auto& each) { return each.second; });
  return sorted;
}

std::string authors_text(const Breakage& breakage) {
  const auto authors = largest_first(breakage.authors);
  std::string text;
  for (std::size_t i = 0; i < std::min(authors.size(), max_shown_authors); ++i) {
    const auto& [author, messages] = authors[i];
    text +=
        fmt::format("{}{} {}", i == 0 ? "" : ", ", author.empty() ? "others" : author, messages);
  }
  return authors.size() > max_shown_authors
             ? text + fmt::format(" and {} more", authors.size() - max_shown_authors)
             : text;
}

std::string party_text(const Breakage& breakage) {
  const auto [kind, name] = parts_of(breakage.party);
  std::string text = fmt::format("{}: {} message{}, {} to {}\n",
                                 kind.empty() ? "unknown" : fmt::format("{} {}", kind, name),
                                 breakage.messages, breakage.messages == 1 ? "" : "s",
                                 format_day(breakage.first), format_day(breakage.last));
  for (const auto& [change, messages] : largest_first(breakage.changes)) {
    text += fmt::format("    {:<10} {:>8}  {}\n", change, messages, meaning_of(change));
  }
  return text + fmt::format("    of         {}\n", authors_text(breakage));
}

Json counts_json(const std::map<std::string, std::uint64_t>& counts) {
  Json object = Json::object();
  for (const auto& [name, messages] : largest_first(counts)) {
    object[name] = messages;
  }
  return object;
}

}  // namespace

std::string format_breakage_text(const std::vector<Breakage>& breakage,
                                 std::chrono::sys_seconds since) {
  const std::string day = format_day(std::chrono::floor<std::chrono::days>(since));
  if (breakage.empty()) {
    return "no signature of an author was broken since " + day + "\n";
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(breakage.size(), max_shown_parties); ++i) {
    text += party_text(breakage[i]);
  }
  if (breakage.size() > max_shown_parties) {
    text += fmt::format("and {} more, which --format json lists\n",
                        breakage.size() - max_shown_parties);
  }
  return text;
}

std::string format_breakage_json(const std::vector<Breakage>& breakage,
                                 std::chrono::sys_seconds since) {
  Json parties = Json::array();
  for (const Breakage& each : breakage) {
    const auto [kind, name] = parts_of(each.party);
    parties.push_back({{"list", kind == "list" ? Json(name) : Json(nullptr)},
                       {"host", kind == "host" ? Json(name) : Json(nullptr)},
                       {"messages", each.messages},
                       {"first", format_day(each.first)},
                       {"last", format_day(each.last)},
                       {"changes", counts_json(each.changes)},
                       {"authors", counts_json(each.authors)}});
  }
  const Json object = {{"since", format_day(std::chrono::floor<std::chrono::days>(since))},
                       {"parties", parties}};
  return object.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools
