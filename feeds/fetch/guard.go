package fetch

import (
	"fmt"
	"net/netip"
	"syscall"

	"code.dny.dev/ssrf"
)

// The networks that Settings.AllowPrivateNetworks opens: loopback, RFC 1918 and RFC 4193.
var (
	privateV4 = []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"),
		netip.MustParsePrefix("10.0.0.0/8"),
		netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.168.0.0/16"),
	}
	privateV6 = []netip.Prefix{
		netip.MustParsePrefix("::1/128"),
		netip.MustParsePrefix("fc00::/7"),
	}
)

// metadata are the addresses where clouds hand credentials to whoever asks from inside. These
// lie in ranges that are public or that a setting can open; 169.254.169.254, 100.100.100.200 and
// 192.0.0.192 lie in ranges that nothing opens.
var metadata = []netip.Addr{
	netip.MustParseAddr("168.63.129.16"), // Azure
	netip.MustParseAddr("fd00:ec2::254"), // Amazon
	netip.MustParseAddr("fd20:ce::254"),  // Google
}

// refusedError says that a connection was not made because of where it leads.
type refusedError struct {
	addr    netip.Addr
	private bool // a setting would open it
}

func (e *refusedError) Error() string {
	if e.private {
		return fmt.Sprintf("the address leads to %s, a private network: set "+
			"allow_private_networks under [poll] if that is meant", e.addr)
	}
	return fmt.Sprintf("the address leads to %s, a reserved network: always refused", e.addr)
}

// Guard returns a [net.Dialer] Control that lets connections through to the public internet
// only, on any port. It runs after the name is resolved, for each address tried, so redirects and
// names that resolve differently the second time are covered. The ranges are those of the IANA
// special-purpose registries as the ssrf package holds them.
func Guard(allowPrivate bool) func(network, address string, _ syscall.RawConn) error {
	public := ssrf.New(ssrf.WithAnyPort())
	open := ssrf.New(ssrf.WithAnyPort(),
		ssrf.WithAllowedV4Prefixes(privateV4...), ssrf.WithAllowedV6Prefixes(privateV6...))
	return func(network, address string, c syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("reading the address to connect to: %w", err)
		}
		for _, m := range metadata {
			if to.Addr().WithZone("").Unmap() == m {
				return &refusedError{addr: to.Addr()}
			}
		}
		if public.Safe(network, address, c) == nil {
			return nil
		}
		private := open.Safe(network, address, c) == nil
		if private && allowPrivate {
			return nil
		}
		return &refusedError{addr: to.Addr(), private: private}
	}
}
