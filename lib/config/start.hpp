// What keeps sekishod from starting, or from writing what it has to write, with a configuration
// that is valid in itself: found before it starts.
#pragma once

#include "config/options.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sekisho::config {

/// Something that is certain to fail.
struct Fault {
  std::string option;  ///< "control.socket"
  std::string what;    ///< For people: what is wrong, and what to do.
};

/// Faults that are the same on every host: no socket, two sockets at one place, metrics for
/// everybody.
[[nodiscard]] std::vector<Fault> find_start_faults(const Options& options);

/// Sockets that this process could not open with its user: the folder is missing or not writable,
/// another file has the path, the host does not have the address. Opens nothing that stays. A
/// folder that the units of systemd make is not missing where such a unit is installed.
[[nodiscard]] std::vector<Fault> find_socket_faults(const Options& options);

/// The same for the files and folders that the daemon writes: feedback store, spill file, spool of
/// failure reports.
[[nodiscard]] std::vector<Fault> find_store_faults(const Options& options);

/// Why this process cannot create files in the folder; empty: it can.
[[nodiscard]] std::string find_folder_fault(const std::string& folder);

/// Returns true if a unit of systemd that starts the daemon is installed on this host.
[[nodiscard]] bool has_unit();

/// A line for each fault: "FILE:LINE: OPTION: WHAT", with the place in the main file or drop-in
/// that set the option. `path` is the main file.
[[nodiscard]] std::vector<std::string> describe_faults(const std::vector<Fault>& faults,
                                                       const std::string& path);

}  // namespace sekisho::config
