#include "dmarc/options.hpp"

#include <utility>

namespace sekisho::dmarc {

std::expected<void, std::string> load_public_suffixes(Options& options) {
  if (options.discovery != Discovery::psl) {
    return {};
  }
  auto suffixes = PublicSuffixes::load(options.public_suffix_list);
  if (!suffixes) {
    return std::unexpected(suffixes.error());
  }
  options.suffixes = std::make_shared<const PublicSuffixes>(*std::move(suffixes));
  return {};
}

}  // namespace sekisho::dmarc
