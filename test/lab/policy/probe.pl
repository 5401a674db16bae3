# Opens every connection that stdin names, at once, and prints the number of each that was answered within the seconds
# that its argument says: "NUMBER ADDRESS PROTOCOL PORT". One small process a pod: a hundred of them would be what is
# measured. However many seconds, a connection is asked for in the first three of them, as is UDP's in the first.
use strict;
use IO::Select;
use IO::Socket::IP;
use Socket qw(IPPROTO_TCP SOCK_STREAM SOCK_DGRAM SOL_SOCKET SO_ERROR);

my %number;
my ($udp, $tcp) = (IO::Select->new, IO::Select->new);
while (my $line = <STDIN>) {
  my ($index, $address, $protocol, $port) = split " ", $line;
  my $stream = $protocol eq "tcp";
  my $socket = IO::Socket::IP->new(
    PeerHost => $address, PeerPort => $port, Proto => $protocol, Blocking => 0,
    Type => $stream ? SOCK_STREAM : SOCK_DGRAM,
  ) or next;
  $number{$socket} = $index;
  # TCP_SYNCNT: asked again after one and after three seconds, and then no more.
  setsockopt $socket, IPPROTO_TCP, 7, pack("i", 2) if $stream;
  $socket->send("hostname") unless $stream;
  ($stream ? $tcp : $udp)->add($socket);
}

my $end = time + $ARGV[0];
while ($udp->count + $tcp->count > 0) {
  # What came while this process had no processor came in time.
  my $left = $end - time;
  my ($answered, $connected) = IO::Select->select($udp, $tcp, undef, $left > 0 ? $left : 0) or last;
  for my $socket (@{$answered}) {
    $udp->remove($socket);
    my $answer;
    print "$number{$socket}\n" if defined $socket->recv($answer, 512) && length $answer;
  }
  for my $socket (@{$connected}) {
    $tcp->remove($socket);
    print "$number{$socket}\n" if $socket->getsockopt(SOL_SOCKET, SO_ERROR) == 0;
    close $socket;
  }
}
