# Reads a message (CRLF) on standard input, writes "selector result" of each DKIM-Signature field by
# Mail::DKIM, which asks the name server on the given port of loopback.
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS::Resolver;

my ($port) = @ARGV;
Mail::DKIM::DNS::resolver(
    Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 0));
my $verifier = Mail::DKIM::Verifier->new;
binmode STDIN;
while (read STDIN, my $block, 65536) {
    $verifier->PRINT($block);
}
$verifier->CLOSE;
print $_->selector, ' ', $_->result_detail, "\n" for $verifier->signatures;
