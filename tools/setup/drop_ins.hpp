// The files that setup writes into conf.d.
#pragma once

#include "mail/domain.hpp"

#include <string>
#include <string_view>

namespace sekisho::tools::setup {

/// Returns the path of the file that has the options of the host, in a folder of drop-ins.
[[nodiscard]] std::string main_drop_in(const std::string& folder);

/// Returns the path of the file that has the keys of a domain.
[[nodiscard]] std::string signing_drop_in(const std::string& folder, const mail::Domain& domain);

/// The options of the host; an empty text is left out.
struct HostOptions {
  std::string socket;
  std::string authserv_id;
  bool dry_run = false;

  bool operator==(const HostOptions&) const = default;
};

[[nodiscard]] std::string format_host_options(const HostOptions& options);

/// Returns a [[sign]] table.
[[nodiscard]] std::string format_sign_entry(std::string_view domain, std::string_view selector,
                                            std::string_view key_file);

/// The first lines of each file that setup writes.
[[nodiscard]] std::string drop_in_head();

}  // namespace sekisho::tools::setup
