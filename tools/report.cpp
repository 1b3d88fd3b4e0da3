#include "tools/report.hpp"

#include "tools/report_advise.hpp"
#include "tools/report_deliver.hpp"
#include "tools/report_history.hpp"
#include "tools/report_import.hpp"
#include "tools/report_preview.hpp"
#include "tools/report_read.hpp"
#include "tools/report_send.hpp"

namespace sekisho::tools {

void add_report(CLI::App& app, int& status) {
  CLI::App* report =
      app.add_subcommand("report", "Feedback: what other hosts report, and reports to others");
  report->require_subcommand(1);
  add_report_read(*report, status);
  add_report_import(*report, status);
  add_report_advise(*report, status);
  add_report_history(*report, status);
  add_report_send(*report, status);
  add_report_preview(*report, status);
  add_report_deliver(*report, status);
}

}  // namespace sekisho::tools
