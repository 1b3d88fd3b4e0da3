# Reads a message (CRLF) on standard input, writes its DKIM-Signature field by Mail::DKIM.
use strict;
use warnings;
use Mail::DKIM::PrivateKey;
use Mail::DKIM::Signer;

my ($domain, $selector, $algorithm, $method, $key_file) = @ARGV;
my ($kind) = $algorithm =~ /^(\w+)-/;
my $signer = Mail::DKIM::Signer->new(
    Algorithm => $algorithm,
    Method    => $method,
    Domain    => $domain,
    Selector  => $selector,
    Key       => Mail::DKIM::PrivateKey->load(File => $key_file, Type => $kind),
);
binmode STDIN;
binmode STDOUT;
local $/;
$signer->PRINT(scalar <STDIN>);
$signer->CLOSE;
print $signer->signature->as_string, "\r\n";
