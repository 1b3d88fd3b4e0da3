#include "tools/report/files.hpp"

#include "report/format/printable.hpp"

#include <cstddef>
#include <iostream>

namespace sekisho::tools {

void complain_of_file(std::string_view subcommand, const std::string& file,
                      const std::string& problem) {
  constexpr std::size_t max_name = 1'000;  // those of files in a Maildir are not ours
  std::cerr << "sekisho " << subcommand << ": " << report::format::printable(file, max_name) << ": "
            << problem << '\n';
}

}  // namespace sekisho::tools
