# Files what Sekisho delivered although DMARC failed under p=quarantine or p=reject (the options
# policy.on_quarantine = "mark" and policy.on_reject = "mark"). RFC 5228, with RFC 5260 (index) and
# RFC 5490 (mailbox); for Dovecot's Pigeonhole, best as a global script that runs before the users'
# own (sieve_before). Put your authserv_id in place of mx.example.org.
#
# The topmost field is the one of the last host that looked at the message. Where others add theirs
# afterwards, Sekisho's is no longer the first: then this rule files nothing.
require ["fileinto", "index", "mailbox"];

if allof (
    header :index 1 :matches "Authentication-Results"
      ["mx.example.org;*;?dmarc=fail*policy.dmarc=quarantine*",
       "mx.example.org;*;?dmarc=fail*policy.dmarc=reject*"],
    # What a rule or a trusted chain let in on purpose stays where it is, as does a dry run.
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
