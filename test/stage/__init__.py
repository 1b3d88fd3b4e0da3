"""The stage on which the real programs play: NSD, Postfix and sekishod, private, on loopback, in one folder."""
