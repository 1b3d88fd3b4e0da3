// `sekisho report read`: aggregate and TLS reports in files, archives and mails, as a table.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

void add_report_read(CLI::App& report, int& status);

}  // namespace sekisho::tools
