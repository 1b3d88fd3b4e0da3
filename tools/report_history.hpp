// `sekisho report import-history`: what OpenDMARC saw, into the store.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

void add_report_history(CLI::App& report, int& status);

}  // namespace sekisho::tools
