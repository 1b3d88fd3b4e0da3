#include "report/recorder/writer.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace sekisho::report::recorder {

namespace {

using std::chrono::seconds;

constexpr seconds patience{5};
constexpr seconds shortest_pause{1};
constexpr seconds longest_pause{10};
constexpr std::chrono::minutes complaint_interval{1};
constexpr std::chrono::hours forgetting_interval{24};
constexpr std::chrono::minutes reading_interval{1};

/// Of this process among all that ever wrote to the store.
std::string random_identity() {
  std::random_device source;
  std::string identity;
  for (int i = 0; i < 3; ++i) {
    identity += std::to_string(source()) + '.';
  }
  return identity;
}

std::string spill_path(const RecorderOptions& options,
                       const std::optional<store::Location>& location) {
  if (!options.spill_file.empty()) {
    return options.spill_file;
  }
  if (location && location->backend == store::Backend::sqlite) {
    return location->target + ".spill";
  }
  return default_spill_file;
}

}  // namespace

Writer::Writer(const RecorderOptions& options, const RecorderLog& log)
    : options_(options), log_(log), identity_(random_identity()) {
  auto location = store::parse_location(options.store);
  if (!location) {
    log_.warning("feedback: " + store::shown_location(options.store) + ": " + location.error());
    return;
  }
  location_ = *std::move(location);
  store_.emplace(*location_, patience);
  if (options_.reads_sent) {
    next_reading_ = Clock::now();
  }
  const std::string path = spill_path(options_, location_);
  auto spill = Spill::open(path, options_.spill_limit);
  if (!spill) {
    log_.warning("feedback: " + path +
                 " cannot be used, so nothing is kept while the store is away: " + spill.error());
    return;
  }
  spill_.emplace(*std::move(spill));
}

std::string Writer::where() const {
  return store::shown_location(options_.store);
}

void Writer::note_away(const store::StoreError& error) {
  pause_ = std::clamp<Clock::duration>(pause_ * 2, shortest_pause, longest_pause);
  next_try_ = Clock::now() + pause_;
  if (!std::exchange(statistics_.is_away, true)) {
    log_.warning("feedback: the store " + where() + " is away" +
                 (spill_ ? ", messages are kept in the spill file: " : ", messages are lost: ") +
                 error.text);
  }
}

void Writer::note_back() {
  pause_ = {};
  if (std::exchange(statistics_.is_away, false)) {
    log_.info("feedback: the store " + where() + " is back");
  }
}

// Where nobody can tell whether a batch was committed it is spilled, and its name tells later.
bool Writer::add(const Batch& batch) {
  if (!store_ || Clock::now() < next_try_) {
    return false;
  }
  if (const auto added = store_->add(batch, settled_); !added) {
    note_away(added.error());
    return false;
  }
  settled_.clear();
  statistics_.written += messages_in(batch.observations);
  if (batch.name.starts_with(identity_)) {
    sent_.note_own(batch.tallies);
  }
  note_back();
  return true;
}

std::vector<store::Observation> Writer::limited(std::vector<store::Observation> observations) {
  std::vector<store::Observation> kept;
  kept.reserve(observations.size());
  for (store::Observation& observation : observations) {
    const std::uint64_t count = observation.record.count;
    if (auto admitted = growth_.admit(std::move(observation))) {
      kept.push_back(*std::move(admitted));
    } else {
      untold_limited_ += count;
      statistics_.dropped += count;
    }
  }
  if (untold_limited_ > 0 && Clock::now() >= next_telling_) {
    log_.warning("feedback: " + std::to_string(std::exchange(untold_limited_, 0)) +
                 " messages are not counted: their domains have too many sub-domains with a DMARC "
                 "record");
    next_telling_ = Clock::now() + complaint_interval;
  }
  return kept;
}

// While the store is away a try may take long, so what is new gets in line behind what was spilled:
// there it is safe.
void Writer::write(std::vector<store::Observation> observations,
                   std::vector<store::Tally> tallies) {
  observations = limited(std::move(observations));
  if (observations.empty() && tallies.empty()) {
    return;
  }
  for (store::Tally& tally : tallies) {
    tally = tally_limit_.admit(std::move(tally));
  }
  Batch batch{identity_ + std::to_string(++batches_), std::move(observations), std::move(tallies)};
  const bool gets_in_line = statistics_.is_away && has_spilled();
  if (!gets_in_line && add(batch)) {
    settled_.push_back(std::move(batch.name));
    forget_old();
    return;
  }
  spill(batch);
}

void Writer::spill(const Batch& batch) {
  const std::uint64_t messages = messages_in(batch.observations);
  const std::uint64_t lost = spill_ ? spill_->append(batch) : messages;
  statistics_.spilled += messages - lost;
  statistics_.dropped += lost;
  tell_of_lost(lost);
}

void Writer::tell_of_lost(std::uint64_t messages) {
  untold_drops_ += messages;
  if (untold_drops_ > 0 && Clock::now() >= next_complaint_) {
    log_.warning("feedback: " + std::to_string(std::exchange(untold_drops_, 0)) +
                 " messages are not counted: neither the queue nor the spill file has room");
    next_complaint_ = Clock::now() + complaint_interval;
  }
}

// The names of its batches stay in the store until the file is empty: should the process end
// before, they are not counted again.
bool Writer::replay() {
  if (!has_spilled() || Clock::now() < next_try_) {
    return false;
  }
  auto batch = spill_->next();
  if (!batch) {
    const std::uint64_t unreadable = spill_->unreadable();
    spill_->clear();
    settled_.insert(settled_.end(), replayed_.begin(), replayed_.end());
    replayed_.clear();
    log_.info("feedback: " + std::to_string(std::exchange(replayed_messages_, 0)) +
              " messages of the spill file are counted" +
              (unreadable > 0 ? ", " + std::to_string(unreadable) + " torn lines are not" : ""));
    return false;
  }
  if (!add(*batch)) {
    spill_->go_back();
    return false;
  }
  replayed_messages_ += messages_in(batch->observations);
  replayed_.push_back(std::move(batch->name));
  return true;
}

// Within one call of the store's thread nothing of our own is added.
std::optional<std::vector<store::Tally>> Writer::read_sent_elsewhere() {
  next_reading_ = Clock::now() + reading_interval;
  if (!store_ || Clock::now() < next_try_) {
    return std::nullopt;
  }
  const auto now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
  sent_.forget_before(now - 2 * sent_window);
  auto in_store = store_->sent_since(now - sent_window);
  if (!in_store) {
    note_away(in_store.error());
    return std::nullopt;
  }
  return sent_.without_own(*std::move(in_store));
}

void Writer::forget_old() {
  if (Clock::now() < next_forgetting_) {
    return;
  }
  next_forgetting_ = Clock::now() + forgetting_interval;
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const auto forgotten =
      store_->forget_before(today - std::chrono::ceil<std::chrono::days>(options_.retention));
  if (!forgotten) {
    note_away(forgotten.error());
  }
}

}  // namespace sekisho::report::recorder
