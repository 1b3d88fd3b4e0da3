#include "dkim/body_hashes.hpp"

#include "dkim/body_canonicalizer.hpp"
#include "dkim/body_tail.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim {

namespace {

// The result that one request wants: the hash of the first `length` octets, or of all.
struct Cut {
  std::optional<std::uint64_t> length;
  BodyHashes::Id id = 0;
};

// One hash that runs along the body. Whatever the number of l= values, each octet is hashed once:
// at each of them the hash so far is noted.
class RunningHash {
 public:
  explicit RunningHash(crypto::HashAlgorithm algorithm)
      : algorithm_(algorithm), digest_(algorithm) {}

  [[nodiscard]] crypto::HashAlgorithm algorithm() const { return algorithm_; }
  [[nodiscard]] const std::vector<Cut>& cuts() const { return cuts_; }
  [[nodiscard]] bool wants_more() const { return next_ < cuts_.size(); }

  // Lowest first; the whole body comes last.
  void add(const Cut& cut) {
    const auto is_lower = [](const Cut& a, const Cut& b) {
      return a.length && (!b.length || *a.length < *b.length);
    };
    cuts_.insert(std::ranges::upper_bound(cuts_, cut, is_lower), cut);
  }

  [[nodiscard]] bool is_whole(BodyHashes::Id id) const {
    return std::ranges::any_of(cuts_, [id](const Cut& cut) { return cut.id == id && !cut.length; });
  }

  void watch_tail(std::uint64_t max_octets) {
    if (!tail_) {
      tail_.emplace(digest_, max_octets);
    }
  }
  [[nodiscard]] const std::optional<BodyTail>& tail() const { return tail_; }

  void update(std::string_view text, std::vector<BodyHash>& results) {
    for (; wants_more() && lies_before(cuts_[next_], octets_ + text.size()); ++next_) {
      const auto until_cut = static_cast<std::size_t>(*cuts_[next_].length - octets_);
      hash(text.substr(0, until_cut));
      text.remove_prefix(until_cut);
      results[cuts_[next_].id] = {digest_.current(), octets_, true};
    }
    if (wants_more()) {
      hash(text);
    }
  }

  void finish(std::vector<BodyHash>& results) {
    const crypto::Bytes digest = digest_.finish();
    for (; wants_more(); ++next_) {
      results[cuts_[next_].id] = {digest, octets_, false};
    }
  }

 private:
  static bool lies_before(const Cut& cut, std::uint64_t end) {
    return cut.length && *cut.length < end;
  }

  void hash(std::string_view text) {
    if (tail_) {
      tail_->update(text, digest_);
    } else {
      digest_.update(text);
    }
    octets_ += text.size();
  }

  crypto::HashAlgorithm algorithm_;
  crypto::Digest digest_;
  std::uint64_t octets_ = 0;
  std::vector<Cut> cuts_;
  std::optional<BodyTail> tail_;
  std::size_t next_ = 0;  ///< The lowest cut that was not reached yet.
};

}  // namespace

// One canonicalisation, and the hashes of what it gives.
struct BodyHashes::Pass {
  Canonicalization canonicalization;
  BodyCanonicalizer canonicalizer{canonicalization};
  std::vector<RunningHash> hashes;

  // Null where no hash of this pass has the whole body's result `id`.
  [[nodiscard]] RunningHash* whole_hash(Id id) {
    const auto hash =
        std::ranges::find_if(hashes, [id](const RunningHash& each) { return each.is_whole(id); });
    return hash == hashes.end() ? nullptr : &*hash;
  }
  [[nodiscard]] const RunningHash* whole_hash(Id id) const {
    const auto hash =
        std::ranges::find_if(hashes, [id](const RunningHash& each) { return each.is_whole(id); });
    return hash == hashes.end() ? nullptr : &*hash;
  }

  [[nodiscard]] bool wants_more() const {
    return std::ranges::any_of(hashes, &RunningHash::wants_more);
  }

  BodySink sink_into(std::vector<BodyHash>& results) {
    return [this, &results](std::string_view text) {
      for (RunningHash& hash : hashes) {
        hash.update(text, results);
      }
    };
  }
};

BodyHashes::BodyHashes() = default;
BodyHashes::BodyHashes(BodyHashes&&) noexcept = default;
BodyHashes& BodyHashes::operator=(BodyHashes&&) noexcept = default;
BodyHashes::~BodyHashes() = default;

BodyHashes::Id BodyHashes::request(const BodyHashRequest& request) {
  auto pass = std::ranges::find(passes_, request.canonicalization, &Pass::canonicalization);
  if (pass == passes_.end()) {
    pass = passes_.insert(passes_.end(), Pass{.canonicalization = request.canonicalization});
  }
  auto hash = std::ranges::find(pass->hashes, request.hash, &RunningHash::algorithm);
  if (hash == pass->hashes.end()) {
    hash = pass->hashes.insert(pass->hashes.end(), RunningHash(request.hash));
  }
  const auto same = std::ranges::find(hash->cuts(), request.length, &Cut::length);
  if (same != hash->cuts().end()) {
    return same->id;
  }
  const Id id = results_.size();
  results_.emplace_back();
  hash->add({request.length, id});
  return id;
}

void BodyHashes::watch_tail(Id id, std::uint64_t max_octets) {
  for (Pass& pass : passes_) {
    if (RunningHash* hash = pass.whole_hash(id)) {
      hash->watch_tail(max_octets);
    }
  }
}

void BodyHashes::update(std::string_view chunk) {
  for (Pass& pass : passes_) {
    if (pass.wants_more()) {
      pass.canonicalizer.update(chunk, pass.sink_into(results_));
    }
  }
}

bool BodyHashes::wants_more() const {
  return std::ranges::any_of(passes_, &Pass::wants_more);
}

void BodyHashes::finish() {
  for (Pass& pass : passes_) {
    pass.canonicalizer.finish(pass.sink_into(results_));
    for (RunningHash& hash : pass.hashes) {
      hash.finish(results_);
    }
  }
}

std::optional<std::size_t> BodyHashes::added_lines(Id id, const crypto::Bytes& wanted) const {
  for (const Pass& pass : passes_) {
    const RunningHash* hash = pass.whole_hash(id);
    if (hash != nullptr && hash->tail()) {
      return hash->tail()->find(wanted);
    }
  }
  return std::nullopt;
}

const BodyHash& BodyHashes::operator[](Id id) const {
  return results_[id];
}

}  // namespace sekisho::dkim
