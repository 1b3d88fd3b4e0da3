# Files messages into Junk that Sekisho delivered although DMARC failed under p=quarantine or p=reject
# (the options policy.on_quarantine = "mark" and policy.on_reject = "mark"). Requires RFC 5228, RFC 5260
# (index) and RFC 5490 (mailbox). In Dovecot's Pigeonhole, install it as a global script that runs before
# the scripts of the users (sieve_before). Replace mx.example.org with your authserv_id.
#
# The script reads the topmost Authentication-Results, which the last host added. If another program
# adds a field after Sekisho, the script files nothing.
require ["fileinto", "index", "mailbox"];

if allof (
    header :index 1 :matches "Authentication-Results"
      ["mx.example.org;*;?dmarc=fail*policy.dmarc=quarantine*",
       "mx.example.org;*;?dmarc=fail*policy.dmarc=reject*"],
    # Leave messages in the inbox that a rule or a trusted chain accepted, and those of a dry run.
    not header :index 1 :matches "Authentication-Results"
      ["*;?dmarc=fail?reason=\"local_policy: rule *",
       "*;?dmarc=fail?reason=\"local_policy: arc=pass*",
       "*;?dmarc=fail?reason=\"local_policy: dry run*",
       "*;?dmarc=fail?reason=\"local_policy: the client is in a network of ours*",
       "*;?dmarc=fail?reason=\"trusted_forwarder: *",
       "*;?dmarc=fail?reason=\"mailing_list: rule *",
       "*;?dmarc=fail?reason=\"other: rule *"]) {
  fileinto :create "Junk";
}
