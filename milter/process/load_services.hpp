// From the configuration file to the services of the daemon: at its start, and at a reload.
#pragma once

#include "milter/services.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::milter {

/// What the file says, with all the keys and lists that it names. No thread was started for it.
struct Configuration {
  config::Options options;
  checkpoint::SigningServices signing;
  /// Null: no file is named, or it is not there yet (make_proof_keys()).
  std::shared_ptr<const keys::ProofKeys> proof_keys;
  std::vector<std::string> warnings;  ///< Entries that cannot be used while the rest can.
};

/// Which key files are read with the configuration, where there are many.
enum class KeyFilesToRead : std::uint8_t { as_needed, all };

/// An error has one line for each fault.
[[nodiscard]] std::expected<Configuration, std::vector<std::string>> read_configuration(
    const std::string& path, KeyFilesToRead key_files = KeyFilesToRead::as_needed);

/// Makes the file of proof.key_file where there is none yet: as the user who will read it again. A
/// text: it cannot be made; what is proved then is proved until the process ends.
[[nodiscard]] std::optional<std::string> make_proof_keys(Configuration& configuration);

/// The resolver of `before`, with all that it remembers, goes on where the section [dns] is as it
/// was; so do the key records that were read, under the same limit, and what is known of our own
/// keys in the DNS.
[[nodiscard]] std::shared_ptr<Services> open_services(
    Configuration configuration, const std::shared_ptr<const Services>& before = nullptr);

}  // namespace sekisho::milter
