#include "tools/cli/subcommands.hpp"
namespace sekisho::tools {

void add_report(Command& sekisho) {
  Command report =
      sekisho.command("report", "Read reports of other hosts, and send reports to them");
  add_report_read(report);
  add_report_import(report);
  add_report_advise(report);
  add_report_breakage(report);
  add_report_history(report);
  add_report_send(report);
  add_report_preview(report);
  add_report_deliver(report);
}

}  // namespace sekisho::tools
