// A message to tell of, for the tests of the log's two forms.
#pragma once

#include "checkpoint/verdict.hpp"

namespace sekisho::milter {

/// Accepted; of the message nothing was looked at.
inline checkpoint::Verdict verdict_on_envelope() {
  checkpoint::Verdict verdict;
  findings::Findings& found = verdict.findings;
  found.client.address = dns::IpAddress::parse("192.0.2.1");
  found.client.helo = "mail.example.org";
  found.envelope.sender = "alice@example.org";
  found.envelope.recipients = {"bob@example.net", "carol@example.net"};
  found.envelope.queue_id = "4XyZ";
  return verdict;
}

}  // namespace sekisho::milter
