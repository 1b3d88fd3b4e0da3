#include "milter/reload.hpp"

#include "milter/opening.hpp"

#include <utility>

namespace sekisho::milter {

void reload(Environment& environment, const std::string& configuration) {
  const auto before = environment.services();
  auto opened = open_services(configuration, before);
  if (!opened) {
    for (const std::string& problem : opened.error()) {
      environment.log.error(problem);
    }
    environment.log.error("not reloaded: the configuration and keys of before go on");
    return;
  }
  for (const std::string& warning : opened->warnings) {
    environment.log.warning(warning);
  }
  if (opened->services->options.socket != before->options.socket) {
    environment.log.warning("socket: changes with a restart only");
  }
  environment.replace_services(std::move(opened->services));
  environment.log.info("reloaded");
}

}  // namespace sekisho::milter
