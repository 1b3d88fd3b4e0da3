# What SpamAssassin's plugin AuthRes makes of an Authentication-Results field, whose value is on standard input without
# folds: a line for each result, or why it discards the field.
use strict;
use warnings;
use Mail::SpamAssassin::Plugin::AuthRes;

my $value = do { local $/; <STDIN> };
my $status = {conf => {authres_trusted_authserv => {}, authres_ignored_authserv => {}}};
eval {
  Mail::SpamAssassin::Plugin::AuthRes::parse_authres({}, $status, 'Authentication-Results', $value);
  1;
} or print "discarded: $@";
foreach my $method (sort keys %{$status->{authres_parsed}}) {
  print "$method=$_->{result}\n" foreach @{$status->{authres_parsed}{$method}};
}
