# What Mail::AuthenticationResults makes of an Authentication-Results field, whose value is on standard input: a line for
# each result.
use strict;
use warnings;
use Mail::AuthenticationResults::Parser;

my $value = do { local $/; <STDIN> };
my $field = Mail::AuthenticationResults::Parser->new()->parse($value);
print $_->key(), '=', $_->value(), "\n" foreach @{$field->search({isa => 'entry'})->children()};
