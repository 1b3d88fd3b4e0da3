// A milter that reads everything and does nothing: what libmilter itself costs.
#include <cstddef>
#include <iostream>
#include <string>

#include <sys/socket.h>

#include <libmilter/mfapi.h>

namespace {

extern "C" {

sfsistat on_connect(SMFICTX* /*context*/, char* /*host*/, sockaddr* /*address*/) {
  return SMFIS_CONTINUE;
}
sfsistat on_helo(SMFICTX* /*context*/, char* /*name*/) {
  return SMFIS_CONTINUE;
}
sfsistat on_path(SMFICTX* /*context*/, char** /*arguments*/) {
  return SMFIS_CONTINUE;
}
sfsistat on_header(SMFICTX* /*context*/, char* /*name*/, char* /*value*/) {
  return SMFIS_CONTINUE;
}
sfsistat on_body(SMFICTX* /*context*/, unsigned char* /*chunk*/, std::size_t /*size*/) {
  return SMFIS_CONTINUE;
}
sfsistat on_step(SMFICTX* /*context*/) {
  return SMFIS_CONTINUE;
}

}  // extern "C"

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: nothing unix:PATH\n";
    return 2;
  }
  std::string name = "nothing";
  std::string socket = argv[1];
  smfiDesc description{};
  description.xxfi_name = name.data();
  description.xxfi_version = SMFI_VERSION;
  description.xxfi_connect = on_connect;
  description.xxfi_helo = on_helo;
  description.xxfi_envfrom = on_path;
  description.xxfi_envrcpt = on_path;
  description.xxfi_header = on_header;
  description.xxfi_eoh = on_step;
  description.xxfi_body = on_body;
  description.xxfi_eom = on_step;
  description.xxfi_close = on_step;
  if (smfi_setconn(socket.data()) != MI_SUCCESS || smfi_register(description) != MI_SUCCESS) {
    std::cerr << "nothing: no socket at " << socket << '\n';
    return 1;
  }
  return smfi_main() == MI_SUCCESS ? 0 : 1;
}
