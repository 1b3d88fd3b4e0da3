#include "dmarc/public_suffixes.hpp"

#include "c_ptr.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <libpsl.h>

namespace sekisho::dmarc {

struct PublicSuffixes::List {
  CPtr<psl_ctx_t, &psl_free> context;  ///< Null: libpsl's built-in list.

  [[nodiscard]] const psl_ctx_t* get() const { return context ? context.get() : psl_builtin(); }
};

PublicSuffixes::PublicSuffixes() : list_(std::make_unique<const List>()) {}
PublicSuffixes::PublicSuffixes(std::unique_ptr<const List> list) : list_(std::move(list)) {}
PublicSuffixes::PublicSuffixes(PublicSuffixes&&) noexcept = default;
PublicSuffixes& PublicSuffixes::operator=(PublicSuffixes&&) noexcept = default;
PublicSuffixes::~PublicSuffixes() = default;

std::expected<PublicSuffixes, std::string> PublicSuffixes::load(const std::string& path) {
  List list;
  if (path.empty()) {
    list.context.reset(psl_latest(nullptr));
    return PublicSuffixes(std::make_unique<const List>(std::move(list)));
  }
  list.context.reset(psl_load_file(path.c_str()));
  if (!list.context) {
    // The library does not tell if it is the file or its content.
    const bool is_there = std::ifstream(path).is_open();
    return std::unexpected(path + ": cannot be read as a public suffix list" +
                           (is_there ? "" : ": " + std::generic_category().message(errno)));
  }
  return PublicSuffixes(std::make_unique<const List>(std::move(list)));
}

mail::Domain PublicSuffixes::organizational_domain(const mail::Domain& domain) const {
  const char* name = psl_registrable_domain(list_->get(), domain.text().c_str());
  if (name == nullptr) {
    return domain;
  }
  const auto dots = std::ranges::count(std::string_view(name), '.');
  return domain.suffix(static_cast<std::size_t>(dots) + 1);
}

}  // namespace sekisho::dmarc
