// Section [proof].
#include "config/option_row.hpp"

#include <chrono>

namespace sekisho::config {

void add_proof_rows(std::vector<Option>& table) {
  table.push_back(row(
      "proof.key_file", [](auto& o) -> auto& { return o.proof.key_file; },
      "File of the secret keys that prove our own results; created if it is missing."));
  table.push_back(row(
      "proof.lifetime", [](auto& o) -> auto& { return o.proof.lifetime; },
      "Time for which a proof is accepted.",
      between<std::chrono::seconds>(std::chrono::minutes{1}, std::chrono::days{366})));
}

}  // namespace sekisho::config
