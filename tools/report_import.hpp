// `sekisho report import`: aggregate reports about our domains, kept in the store.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

void add_report_import(CLI::App& report, int& status);

}  // namespace sekisho::tools
