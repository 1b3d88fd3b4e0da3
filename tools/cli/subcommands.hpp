// The subcommands of `sekisho`. Each function adds one of them, with its options and with the work
// that it stands for, and has a file of its own.
#pragma once

#include "tools/cli/command_line.hpp"

namespace sekisho::tools {

/// What the milter would have found of a message.
void add_check(Command& sekisho);
/// A message with a new ARC set on top.
void add_seal(Command& sekisho);
/// A message with DKIM signatures on top.
void add_sign(Command& sekisho);
/// What is in force, and whether the configuration is in order.
void add_config(Command& sekisho);
/// The life of keys, from made to retired.
void add_key(Command& sekisho);
/// What receivers and senders see of a domain.
void add_domain(Command& sekisho);
/// From OpenDKIM, OpenDMARC, OpenARC and policyd-spf to sekisho.toml.
void add_migrate(Command& sekisho);
/// What receivers would object to in a message that is about to leave.
void add_preflight(Command& sekisho);
/// Feedback of other hosts about our domains, and ours about theirs.
void add_report(Command& sekisho);
/// The first ten minutes: configuration, keys, records, the mail server.
void add_setup(Command& sekisho);
/// How a running daemon fares.
void add_status(Command& sekisho);
/// What was changed in a message after it was signed.
void add_why(Command& sekisho);

/// TLSA records for DANE.
void add_tlsa(Command& sekisho);

/// A new private key in its file, and its record.
void add_key_generate(Command& key);
/// The record of a private key.
void add_key_proof(Command& key);
void add_key_show(Command& key);
/// Whether the DNS shows the keys.
void add_key_check(Command& key);
/// Where the rotation of a domain's keys stands.
void add_key_status(Command& key);
/// One key after the other, step by step.
void add_key_rotate(Command& key);

/// Whether the records of domains are in order.
void add_domain_check(Command& domain);

/// Aggregate and TLS reports in files, archives and mails, as a table.
void add_report_read(Command& report);
/// Aggregate reports about our domains, kept in the store.
void add_report_import(Command& report);
/// Whether a domain can publish a stricter DMARC policy.
void add_report_advise(Command& report);
/// Which lists and hosts break signatures.
void add_report_breakage(Command& report);
/// What OpenDMARC saw, into the store.
void add_report_history(Command& report);
/// DMARC aggregate reports to those who ask for them.
void add_report_send(Command& report);
/// What the report to a domain says, before it goes out.
void add_report_preview(Command& report);
/// Failure reports out of the daemon's spool.
void add_report_deliver(Command& report);

}  // namespace sekisho::tools
