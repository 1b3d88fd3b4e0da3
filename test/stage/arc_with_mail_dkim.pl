# ARC by Mail::DKIM, on a message (CRLF) on standard input:
#   seal DOMAIN SELECTOR KEY-FILE CHAIN   writes the new set's fields
#   verify DNS-PORT                       writes the chain's result, asking that name server on loopback
use strict;
use warnings;
use Mail::DKIM::ARC::Signer;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::DNS;
use Mail::DKIM::TextWrap;
use Net::DNS::Resolver;

my ($action, @arguments) = @ARGV;

sub feed {
    my ($worker) = @_;
    binmode STDIN;
    while (read STDIN, my $block, 65536) {
        $worker->PRINT($block);
    }
    $worker->CLOSE;
}

if ($action eq 'seal') {
    my ($domain, $selector, $key, $chain) = @arguments;
    my $signer = Mail::DKIM::ARC::Signer->new(
        Algorithm => 'rsa-sha256',
        Chain     => $chain,
        Domain    => $domain,
        SrvId     => "mx.$domain",
        Selector  => $selector,
        KeyFile   => $key,
    );
    feed($signer);
    my @set = $signer->as_strings or die $signer->{result};
    binmode STDOUT;
    print "$_\r\n" for @set;
} else {
    Mail::DKIM::DNS::resolver(
        Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $arguments[0], recurse => 0));
    my $verifier = Mail::DKIM::ARC::Verifier->new;
    feed($verifier);
    print $verifier->result_detail, "\n";
}
