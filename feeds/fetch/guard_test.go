package fetch

import (
	"net"
	"testing"
)

func TestGuard(t *testing.T) {
	const (
		never   = iota // whatever the settings
		private        // only with allow_private_networks
		public
	)
	for _, c := range []struct {
		addr string
		want int
	}{
		{"93.184.215.14", public},
		{"2606:4700::1111", public},
		{"127.0.0.1", private},
		{"127.255.255.254", private},
		{"10.0.0.1", private},
		{"172.16.0.1", private},
		{"172.31.255.255", private},
		{"172.32.0.1", public},
		{"192.168.1.1", private},
		{"::1", private},
		{"fc00::1", private},
		{"fd12:3456::1", private},
		{"0.0.0.0", never},
		{"0.1.2.3", never},
		{"100.64.0.1", never},
		{"100.100.100.200", never},
		{"169.254.0.1", never},
		{"169.254.169.254", never},
		{"192.0.0.192", never},
		{"168.63.129.16", never},
		{"192.0.2.1", never},
		{"198.18.0.1", never},
		{"224.0.0.1", never},
		{"239.255.255.255", never},
		{"255.255.255.255", never},
		{"::", never},
		{"fd00:ec2::254", never},
		{"fd20:ce::254", never},
		{"fe80::1", never},
		{"fe80::1%eth0", never},
		{"fd00:ec2::254%eth0", never},
		{"ff02::1", never},
		{"::ffff:127.0.0.1", never},
		{"::ffff:169.254.169.254", never},
		{"64:ff9b::7f00:1", never},
		{"2002:7f00:1::", never},
		{"2001:db8::1", never},
	} {
		network := "tcp4"
		if net.ParseIP(c.addr).To4() == nil || c.addr[0] == ':' {
			network = "tcp6"
		}
		for _, allow := range []bool{false, true} {
			err := Guard(allow)(network, net.JoinHostPort(c.addr, "8080"), nil)
			want := c.want == public || c.want == private && allow
			if (err == nil) != want {
				t.Errorf("%s, private networks allowed: %t: %v", c.addr, allow, err)
			}
		}
	}
}

func TestGuardRefusesWhatItCannotRead(t *testing.T) {
	for _, address := range []string{"", "localhost:80", "127.0.0.1"} {
		if Guard(true)("tcp4", address, nil) == nil {
			t.Errorf("%q was let through", address)
		}
	}
	if Guard(true)("udp4", "93.184.215.14:53", nil) == nil {
		t.Error("udp was let through")
	}
}
