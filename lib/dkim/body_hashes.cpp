#include "dkim/body_hashes.hpp"

#include "dkim/body_canonicalizer.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim {

namespace {

// One hash under way.
struct Hashing {
  BodyHashes::Id id = 0;
  BodyHashRequest request;
  crypto::Digest digest;

  // Takes the next octets of the canonical body, as far as l= wants them.
  void update(std::string_view text, BodyHash& result) {
    const std::uint64_t wanted =
        request.length ? *request.length - result.hashed_octets : text.size();
    const std::uint64_t taken = std::min<std::uint64_t>(wanted, text.size());
    digest.update(text.substr(0, taken));
    result.hashed_octets += taken;
    result.body_was_longer = result.body_was_longer || taken < text.size();
  }
};

}  // namespace

struct BodyHashes::Pass {
  Canonicalization canonicalization;
  BodyCanonicalizer canonicalizer{canonicalization};
  std::vector<Hashing> hashings;

  BodySink sink_into(std::vector<BodyHash>& hashes) {
    return [this, &hashes](std::string_view text) {
      for (Hashing& hashing : hashings) {
        hashing.update(text, hashes[hashing.id]);
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
  const auto same = std::ranges::find(pass->hashings, request, &Hashing::request);
  if (same != pass->hashings.end()) {
    return same->id;
  }
  const Id id = hashes_.size();
  hashes_.emplace_back();
  pass->hashings.push_back({id, request, crypto::Digest(request.hash)});
  return id;
}

void BodyHashes::update(std::string_view chunk) {
  for (Pass& pass : passes_) {
    pass.canonicalizer.update(chunk, pass.sink_into(hashes_));
  }
}

bool BodyHashes::wants_more() const {
  return !std::ranges::all_of(hashes_, &BodyHash::body_was_longer);
}

void BodyHashes::finish() {
  for (Pass& pass : passes_) {
    pass.canonicalizer.finish(pass.sink_into(hashes_));
    for (Hashing& hashing : pass.hashings) {
      hashes_[hashing.id].digest = hashing.digest.finish();
    }
  }
}

const BodyHash& BodyHashes::operator[](Id id) const {
  return hashes_[id];
}

}  // namespace sekisho::dkim
