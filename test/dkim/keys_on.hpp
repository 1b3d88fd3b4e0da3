// Where a test's signatures find their keys.
#pragma once

#include "dkim/key_fetches.hpp"
#include "dkim/key_record_cache.hpp"
#include "dkim/verify_options.hpp"
#include "support/fake_resolver.hpp"

#include <memory>
#include <utility>

namespace sekisho::test {

inline dkim::KeyFetches keys_on(std::shared_ptr<dns::Resolver> resolver,
                                const dkim::VerifyOptions& options = {}) {
  return {lookups_on(std::move(resolver)),
          std::make_shared<dkim::KeyRecordCache>(options.max_rsa_bits)};
}

}  // namespace sekisho::test
