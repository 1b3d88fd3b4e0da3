// `sekisho report advise`: whether a domain can publish a stricter DMARC policy.
#pragma once

#include <CLI/App.hpp>

namespace sekisho::tools {

void add_report_advise(CLI::App& report, int& status);

}  // namespace sekisho::tools
