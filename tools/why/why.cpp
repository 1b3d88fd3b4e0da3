#include "tools/cli/now_option.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/why/examination.hpp"

#include <iostream>

#include <unistd.h>

namespace sekisho::tools {

namespace {

int run(const WhyArguments& arguments) {
  const auto account = examine(arguments);
  if (!account) {
    return complain("why", account.error());
  }
  std::cout << (arguments.format == "json"
                    ? format_why_json(*account, arguments.show)
                    : format_why_text(*account, arguments.show, isatty(STDOUT_FILENO) != 0));
  return std::cout.flush() ? exit_success
                           : complain("why", {exit_failure, "the output cannot be written"});
}

}  // namespace

void add_why(Command& sekisho) {
  Command why = sekisho.command("why", "Tell why the DKIM signatures of a message fail");
  WhyArguments& arguments = why.runs(run);
  why.number("--signature N", arguments.signature, Range<std::size_t>{1, 1'000},
             "Examine only the signature with this number, counted from the top");
  why.option("--domain NAME", arguments.domain, "Examine only signatures of this domain");
  why.option("--original FILE", arguments.original,
             "The message as it was sent: list the differences from it");
  why.flag("--show", arguments.show, "Print old and new text of what was changed");
  why.option("--effort TIME", arguments.effort,
             "Time for the search, such as 500ms or 10s; default: 1s");
  add_dns_options(why, arguments.dns);
  add_now_option(why, arguments.now);
  why.choice("--format", arguments.format, {"text", "json"}, "Output format");
  why.argument("MESSAGE", arguments.message,
               "File with a message; without it, or with -, standard input");
}

}  // namespace sekisho::tools
