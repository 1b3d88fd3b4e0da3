#include "milter/process/key_reading.hpp"

#include "keys/unread_keys.hpp"

#include <string>

namespace sekisho::milter {

void read_left_keys(const Environment& environment, const std::function<bool()>& stop) {
  const auto services = environment.services();
  const auto report = keys::read_unread_keys(services->signing.all_keys(), stop);
  for (const std::string& problem : report.problems) {
    environment.log.error("key " + problem);
  }
  if (report.read > 0 && !report.was_stopped) {
    environment.log.info("all key files are read: " + std::to_string(report.read) +
                         " after the start, " + std::to_string(report.problems.size()) +
                         " with a fault");
  }
}

}  // namespace sekisho::milter
