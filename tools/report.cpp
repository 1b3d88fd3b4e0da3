#include "tools/report.hpp"

#include "tools/report_read.hpp"

namespace sekisho::tools {

void add_report(CLI::App& app, int& status) {
  CLI::App* report = app.add_subcommand("report", "Read what other hosts report about a domain");
  report->require_subcommand(1);
  add_report_read(*report, status);
}

}  // namespace sekisho::tools
