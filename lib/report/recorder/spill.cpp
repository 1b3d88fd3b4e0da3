#include "report/recorder/spill.hpp"

#include "report/store/codec.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace sekisho::report::recorder {

namespace {

// An observation of 100 signatures with the longest names and reasons has less than a fifth.
constexpr std::size_t max_line = 1'048'576;
// More than any recorder puts into one.
constexpr std::size_t max_batch = 1'000'000;
constexpr std::size_t checksum_digits = 8;

std::string checksum(std::string_view text) {
  uLong sum = crc32(0, nullptr, 0);
  sum = crc32(sum, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  std::string digits(checksum_digits, '0');
  std::array<char, checksum_digits> written{};
  const auto end = std::to_chars(written.begin(), written.end(), sum, 16).ptr;
  std::copy_backward(written.begin(), end, digits.end());
  return digits;
}

/// Those that differ in nothing but their count, counted together.
std::vector<store::Observation> merged(const std::vector<store::Observation>& observations) {
  std::vector<store::Observation> result;
  std::unordered_map<std::string, std::size_t> places;
  for (const store::Observation& observation : observations) {
    store::Observation one = observation;
    one.record.count = 0;
    const auto [place, is_new] = places.try_emplace(store::write_observation(one), result.size());
    if (is_new) {
      result.push_back(std::move(one));
    }
    result[place->second].record.count += observation.record.count;
  }
  return result;
}

void add(std::variant<store::Observation, store::Tally> part, Batch& batch) {
  if (auto* observation = std::get_if<store::Observation>(&part)) {
    batch.observations.push_back(std::move(*observation));
  } else {
    batch.tallies.push_back(std::move(std::get<store::Tally>(part)));
  }
}

std::string with_checksum(const std::string& text) {
  return checksum(text) + ' ' + text;
}

std::string system_error() {
  return std::generic_category().message(errno);
}

}  // namespace

std::uint64_t messages_in(const std::vector<store::Observation>& observations) {
  std::uint64_t messages = 0;
  for (const store::Observation& observation : observations) {
    messages += observation.record.count;
  }
  return messages;
}

std::string write_spilled_line(std::string_view batch, const store::Observation& observation) {
  return with_checksum(std::string(batch) + ' ' + store::write_observation(observation));
}

std::string write_spilled_line(std::string_view batch, const store::Tally& tally) {
  return with_checksum(std::string(batch) + ' ' + store::write_tally(tally));
}

std::optional<SpilledLine> read_spilled_line(std::string_view line) {
  if (line.size() <= checksum_digits || line.size() > max_line || line[checksum_digits] != ' ' ||
      checksum(line.substr(checksum_digits + 1)) != line.substr(0, checksum_digits)) {
    return std::nullopt;
  }
  line.remove_prefix(checksum_digits + 1);
  const std::size_t blank = line.find(' ');
  if (blank == 0 || blank == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string batch(line.substr(0, blank));
  line.remove_prefix(blank + 1);
  if (auto tally = store::read_tally(line)) {
    return SpilledLine{batch, *std::move(tally)};
  }
  if (auto observation = store::read_observation(line)) {
    return SpilledLine{batch, *std::move(observation)};
  }
  return std::nullopt;
}

Spill::Spill(int descriptor, std::size_t limit, std::size_t size)
    : descriptor_(descriptor), limit_(limit), size_(size) {}

Spill::Spill(Spill&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      limit_(other.limit_),
      size_(other.size_),
      offset_(other.offset_),
      before_(other.before_),
      unreadable_(other.unreadable_),
      unreadable_before_(other.unreadable_before_) {}

Spill::~Spill() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

std::expected<Spill, std::string> Spill::open(const std::string& path, std::size_t limit) {
  constexpr mode_t mode = 0640;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, mode);
  if (descriptor < 0) {
    return std::unexpected(system_error());
  }
  Spill spill(descriptor, limit, 0);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return std::unexpected("another process has it");
  }
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::unexpected("no regular file");
  }
  spill.size_ = static_cast<std::size_t>(status.st_size);
  return spill;
}

// A line is written whole or not at all: what a full disk took of the last one is taken back. A
// line that was torn by the end of another process gets its end here.
std::uint64_t Spill::append(const Batch& batch) {
  std::string lines;
  char last = '\n';
  if (size_ > 0 && ::pread(descriptor_, &last, 1, static_cast<off_t>(size_ - 1)) == 1 &&
      last != '\n') {
    lines = "\n";
  }
  std::vector<std::pair<std::size_t, std::uint64_t>> ends;  // of lines, and their messages
  const auto add = [&](const std::string& line, std::uint64_t count) {
    if (size_ + lines.size() + line.size() < limit_) {
      lines += line + '\n';
      ends.emplace_back(lines.size(), count);
    }
  };
  for (const store::Observation& observation : merged(batch.observations)) {
    add(write_spilled_line(batch.name, observation), observation.record.count);
  }
  for (const store::Tally& tally : batch.tallies) {
    add(write_spilled_line(batch.name, tally), 0);
  }
  const ssize_t written = ends.empty() ? 0 : ::write(descriptor_, lines.data(), lines.size());
  std::size_t whole = 0;
  std::uint64_t messages = 0;
  for (const auto& [end, count] : ends) {
    if (std::cmp_greater_equal(written, end)) {
      whole = end;
      messages += count;
    }
  }
  if (!ends.empty() && std::cmp_not_equal(written, whole)) {
    static_cast<void>(::ftruncate(descriptor_, static_cast<off_t>(size_ + whole)));
  }
  size_ += whole;
  return messages_in(batch.observations) - messages;
}

/// The line that begins at `offset`, which becomes that of the next one.
std::optional<std::string> Spill::read_line(std::size_t& offset) const {
  std::string line;
  std::array<char, 8'192> buffer{};
  std::size_t at = offset;
  while (at < size_) {
    const std::size_t wanted = std::min(buffer.size(), size_ - at);
    const ssize_t count = ::pread(descriptor_, buffer.data(), wanted, static_cast<off_t>(at));
    if (count <= 0) {
      break;
    }
    const std::string_view read(buffer.data(), static_cast<std::size_t>(count));
    const std::size_t end = read.find('\n');
    if (line.size() <= max_line) {
      line += read.substr(0, end);
    }
    if (end != std::string_view::npos) {
      offset = at + end + 1;
      return line;
    }
    at += read.size();
  }
  const bool is_torn = at > offset;
  offset = at;
  return is_torn ? std::optional(std::move(line)) : std::nullopt;
}

std::optional<Batch> Spill::next() {
  before_ = offset_;
  unreadable_before_ = unreadable_;
  std::optional<Batch> batch;
  while (!batch || batch->observations.size() + batch->tallies.size() < max_batch) {
    std::size_t after = offset_;
    const auto line = read_line(after);
    if (!line) {
      break;
    }
    auto spilled = read_spilled_line(*line);
    if (spilled && batch && spilled->batch != batch->name) {
      break;
    }
    offset_ = after;
    if (!spilled) {
      ++unreadable_;
      continue;
    }
    if (!batch) {
      batch.emplace().name = std::move(spilled->batch);
    }
    add(std::move(spilled->part), *batch);
  }
  return batch;
}

void Spill::go_back() {
  offset_ = before_;
  unreadable_ = unreadable_before_;
}

void Spill::clear() {
  static_cast<void>(::ftruncate(descriptor_, 0));
  size_ = 0;
  offset_ = 0;
  before_ = 0;
  unreadable_ = 0;
  unreadable_before_ = 0;
}

}  // namespace sekisho::report::recorder
