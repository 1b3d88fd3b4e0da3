// `sekisho report deliver`: failure reports out of the daemon's spool.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

void add_report_deliver(CLI::App& report, int& status);

}  // namespace sekisho::tools
