// `sekisho report preview`: what the report to a domain says, before it goes out.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

void add_report_preview(CLI::App& report, int& status);

}  // namespace sekisho::tools
