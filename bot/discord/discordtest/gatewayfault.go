package discordtest

// GatewayFault is what goes wrong when the bot connects to the gateway.
type GatewayFault int

// What can go wrong, besides what [Socket] can do while the bot is connected.
const (
	SilentBeforeHello GatewayFault = iota + 1 // a connection is accepted, and never a word said
	SilentAfterHello                          // nothing comes after HELLO
	SilentAfterResume                         // nothing comes after a RESUME, which is done
	LostReady                                 // a session begins, and its READY never comes
	refuseIdentify
	refuseResume
)

type gatewayFault struct {
	how  GatewayFault
	code int // that the connection is closed with
	left int // how often yet; negative: for ever
}

// FailGateway makes the next connections fail, as often as times says; a negative number is for ever.
func (s *Server) FailGateway(how GatewayFault, times int) { s.failGateway(how, 0, times) }

// RefuseIdentify answers the next attempts to begin a session with a close code: 4004, 4013 and so on.
func (s *Server) RefuseIdentify(code, times int) { s.failGateway(refuseIdentify, code, times) }

// RefuseResume answers the next attempts to resume a session with a close code: 4007, 4009 and so on.
func (s *Server) RefuseResume(code, times int) { s.failGateway(refuseResume, code, times) }

func (s *Server) failGateway(how GatewayFault, code, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gwFaults = append(s.gwFaults, &gatewayFault{how, code, times})
}

// gatewayFaultOf returns the fault of a kind that comes next, if any, and uses it up. The lock is held.
func (s *Server) gatewayFaultOf(how GatewayFault) *gatewayFault {
	for _, f := range s.gwFaults {
		if f.how == how && f.left != 0 {
			f.left--
			return f
		}
	}
	return nil
}
