// Validating the ARC chain of a message (RFC 8617 §5.2).
#pragma once

#include "arc/result.hpp"
#include "arc/set.hpp"
#include "arc/signatures.hpp"
#include "dkim/body_hashes.hpp"
#include "dkim/key_fetches.hpp"
#include "dkim/signature.hpp"
#include "dkim/verify_options.hpp"
#include "mail/header_field.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::arc {

/// Section [arc] of the configuration, as far as validating goes.
struct Options {
  std::size_t max_sets = max_instance;  ///< A chain with more sets fails; RFC 8617 §4.2.1 has 50.
};

/// One message's validation: construct at the end of the header section, feed the body through
/// `hashes`, then finish(). All keys of the chain are asked for in the constructor, unless it is
/// clear there already that the chain fails, and are waited for in finish() alone.
class Validator {
 public:
  /// Asks `hashes` for what the message signatures need. Keys, algorithms, times and l= are judged
  /// as those of DKIM signatures are, by `signature_options`. `header` is read here and not kept.
  Validator(dkim::KeyFetches keys, const mail::HeaderSection& header, const Options& options,
            const dkim::VerifyOptions& signature_options, std::chrono::sys_seconds now,
            dkim::BodyHashes& hashes);

  /// `hashes` must be finished. To be called once.
  [[nodiscard]] ChainResult finish(const dkim::BodyHashes& hashes);

 private:
  /// A message signature or a seal on its way.
  struct Check {
    dkim::Signature signature;
    std::optional<dkim::Failure> failure;  ///< Known without its key.
    dkim::KeyFetches::Id key = 0;
    std::optional<dkim::BodyHashes::Id> body_hash;  ///< Nullopt: a seal, which covers no body.
    crypto::Bytes header_hash;
  };

  void fail(Failure failure);
  [[nodiscard]] Check check_of(dkim::ParsedSignature parsed, std::chrono::sys_seconds now) const;
  void read(const std::vector<Set>& sets, const std::vector<std::optional<Seal>>& seals,
            std::chrono::sys_seconds now);
  [[nodiscard]] std::optional<Failure> find_failure() const;
  void ask(dkim::BodyHashes& hashes);
  void hash_message_headers(const mail::HeaderSection& header, const std::vector<Set>& sets);
  void hash_seals(const std::vector<Set>& sets);
  [[nodiscard]] std::optional<dkim::Failure> verify(const Check& check,
                                                    const dkim::BodyHashes& hashes);
  [[nodiscard]] std::size_t find_oldest_pass(const dkim::BodyHashes& hashes);

  ChainResult result_;
  std::string first_results_;  ///< For a chain that passes.
  bool is_decided_ = false;
  dkim::VerifyOptions signature_options_;
  dkim::KeyFetches keys_;
  std::vector<Check> messages_;  ///< By instance, from 1 on.
  std::vector<Check> seals_;     ///< By instance, from 1 on.
};

}  // namespace sekisho::arc
