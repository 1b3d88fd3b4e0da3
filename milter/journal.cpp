#include "milter/journal.hpp"

#include <string>

#include <sys/stat.h>

namespace sekisho::milter {

bool is_journal(int descriptor, std::string_view variable) {
  struct stat status{};
  return fstat(descriptor, &status) == 0 &&
         variable == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

}  // namespace sekisho::milter
