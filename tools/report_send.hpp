// `sekisho report send`: DMARC aggregate reports to those who ask for them.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

void add_report_send(CLI::App& report, int& status);

}  // namespace sekisho::tools
