#include "report/store/tallies.hpp"

#include "mail/ascii.hpp"
#include "report/store/soci.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace sekisho::report::store {

namespace {

constexpr std::array<std::pair<TallyKind, std::string_view>, 2> kinds = {
    {{TallyKind::sent, "sent"}, {TallyKind::change, "change"}}};

// Between the columns of a line. None of them has control characters.
constexpr char separator = '\t';
constexpr std::string_view line_begin = "tally\t";
constexpr std::size_t max_text = 1'024;

long long number_of(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  return error == std::errc() && end == text.end() ? std::optional(number) : std::nullopt;
}

bool is_text(std::string_view text) {
  return text.size() <= max_text && std::ranges::none_of(text, mail::is_control);
}

}  // namespace

std::string_view format_tally_kind(TallyKind kind) {
  return std::ranges::find(kinds, kind, &decltype(kinds)::value_type::first)->second;
}

std::optional<TallyKind> parse_tally_kind(std::string_view word) {
  const auto* const found = std::ranges::find(kinds, word, &decltype(kinds)::value_type::second);
  return found == kinds.end() ? std::nullopt : std::optional(found->first);
}

// In order of their keys, so that two hosts wait for each other's rows in the same order.
void add_tallies(Database& database, std::span<const Tally> tallies) {
  using Key =
      std::tuple<TallyKind, std::chrono::sys_seconds, std::string, std::string, std::string>;
  std::map<Key, std::uint64_t> sums;
  for (const Tally& tally : tallies) {
    sums[Key(tally.key())] += tally.messages;
  }
  std::string kind;
  long long begin = 0;
  std::string author;
  std::string party;
  std::string detail;
  long long messages = 0;
  soci::statement upsert =
      (database.session().prepare
           << "INSERT INTO tallies (kind, begin_time, author, party, detail, messages) VALUES "
              "(:kind, :begin, :author, :party, :detail, :messages) "
              "ON CONFLICT (kind, begin_time, author, party, detail) DO UPDATE SET "
              "messages = tallies.messages + excluded.messages",
       soci::use(kind), soci::use(begin), soci::use(author), soci::use(party), soci::use(detail),
       soci::use(messages));
  for (const auto& [key, sum] : sums) {
    kind = format_tally_kind(std::get<0>(key));
    begin = number_of(std::get<1>(key));
    author = std::get<2>(key);
    party = std::get<3>(key);
    detail = std::get<4>(key);
    messages = static_cast<long long>(sum);
    upsert.execute(true);
  }
}

std::expected<std::vector<Tally>, StoreError> read_tallies(Database& database, TallyKind kind,
                                                           std::chrono::sys_seconds first) {
  return attempt([&] {
    const std::string word(format_tally_kind(kind));
    const long long limit = number_of(first);
    long long begin = 0;
    long long messages = 0;
    Tally tally{.kind = kind};
    soci::statement select =
        (database.session().prepare
             << "SELECT begin_time, author, party, detail, messages FROM tallies WHERE "
                "kind = :kind AND begin_time >= :first ORDER BY begin_time, author, party, detail",
         soci::use(word), soci::use(limit), soci::into(begin), soci::into(tally.author),
         soci::into(tally.party), soci::into(tally.detail), soci::into(messages));
    std::vector<Tally> tallies;
    for_each_row(select, [&] {
      tally.begin = std::chrono::sys_seconds(std::chrono::seconds(begin));
      tally.messages = static_cast<std::uint64_t>(std::max<long long>(messages, 0));
      tallies.push_back(tally);
    });
    return tallies;
  });
}

std::string write_tally(const Tally& tally) {
  std::string line(line_begin);
  line += format_tally_kind(tally.kind);
  line += separator + std::to_string(number_of(tally.begin));
  line += separator + tally.author;
  line += separator + tally.party;
  line += separator + tally.detail;
  line += separator + std::to_string(tally.messages);
  return line;
}

std::optional<Tally> read_tally(std::string_view text) {
  if (!text.starts_with(line_begin)) {
    return std::nullopt;
  }
  std::array<std::string_view, 6> columns;
  text.remove_prefix(line_begin.size());
  if (std::cmp_not_equal(std::ranges::count(text, separator), columns.size() - 1)) {
    return std::nullopt;
  }
  for (std::string_view& column : columns) {
    const std::size_t end = std::min(text.find(separator), text.size());
    column = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto kind = parse_tally_kind(columns[0]);
  const auto begin = read_number<std::int64_t>(columns[1]);
  const auto messages = read_number<std::uint64_t>(columns[5]);
  const bool is_good = kind && begin && *begin >= 0 && messages && *messages > 0 &&
                       std::ranges::all_of(columns, is_text);
  if (!is_good) {
    return std::nullopt;
  }
  return Tally{.kind = *kind,
               .begin = std::chrono::sys_seconds(std::chrono::seconds(*begin)),
               .author = std::string(columns[2]),
               .party = std::string(columns[3]),
               .detail = std::string(columns[4]),
               .messages = *messages};
}

}  // namespace sekisho::report::store
