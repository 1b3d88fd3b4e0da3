// A milter that reads everything and does nothing: what libmilter itself costs, where steps at
// which nothing is decided get no answer.
#include <cstddef>
#include <iostream>
#include <string>

#include <sys/socket.h>

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

namespace {

extern "C" {

// NOLINTNEXTLINE(bugprone-easily-swappable-parameters): as libmilter wants them
sfsistat on_negotiate(SMFICTX* /*context*/, unsigned long actions, unsigned long steps,
                      unsigned long /*reserved*/, unsigned long /*reserved*/,
                      unsigned long* wanted_actions, unsigned long* wanted_steps,
                      unsigned long* reserved2, unsigned long* reserved3) {
  *wanted_actions = actions & (SMFIF_ADDHDRS | SMFIF_CHGHDRS);
  *wanted_steps = steps & (SMFIP_NODATA | SMFIP_NOUNKNOWN | SMFIP_NR_CONN | SMFIP_NR_HELO |
                           SMFIP_NR_RCPT | SMFIP_NR_HDR | SMFIP_NR_EOH);
  *reserved2 = 0;
  *reserved3 = 0;
  return SMFIS_CONTINUE;
}
sfsistat on_connect(SMFICTX* /*context*/, char* /*host*/, sockaddr* /*address*/) {
  return SMFIS_NOREPLY;
}
sfsistat on_helo(SMFICTX* /*context*/, char* /*name*/) {
  return SMFIS_NOREPLY;
}
sfsistat on_mail(SMFICTX* /*context*/, char** /*arguments*/) {
  return SMFIS_CONTINUE;
}
sfsistat on_recipient(SMFICTX* /*context*/, char** /*arguments*/) {
  return SMFIS_NOREPLY;
}
sfsistat on_header(SMFICTX* /*context*/, char* /*name*/, char* /*value*/) {
  return SMFIS_NOREPLY;
}
sfsistat on_end_of_header(SMFICTX* /*context*/) {
  return SMFIS_NOREPLY;
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
  description.xxfi_negotiate = on_negotiate;
  description.xxfi_connect = on_connect;
  description.xxfi_helo = on_helo;
  description.xxfi_envfrom = on_mail;
  description.xxfi_envrcpt = on_recipient;
  description.xxfi_header = on_header;
  description.xxfi_eoh = on_end_of_header;
  description.xxfi_body = on_body;
  description.xxfi_eom = on_step;
  description.xxfi_close = on_step;
  if (smfi_setconn(socket.data()) != MI_SUCCESS || smfi_register(description) != MI_SUCCESS) {
    std::cerr << "nothing: no socket at " << socket << '\n';
    return 1;
  }
  return smfi_main() == MI_SUCCESS ? 0 : 1;
}
