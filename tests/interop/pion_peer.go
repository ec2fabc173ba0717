// gst-plugins-realtime
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// An answering peer of the service's own make: pion, as an ICE-lite agent that opens
// the DTLS connection. It takes orders as JSON lines on its standard input, and tells
// what happens in the same way on its standard output; shim.py is the HTTP in front.
//
//	{"offer":SDP}      is answered with {"answer":SDP}
//	{"message":TEXT}   goes out on the data channel; what comes is told in the same form
//	{"speak":true}     begins to speak: the Opus packets of the file that it is given
//	                   (base64, 20 ms each, one a line), the last again and again
//	{"close":true}     ends the call
//
// The packets that it hears are told as {"opus":...}.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media"
)

const (
	packetLength  = 20 * time.Millisecond
	closePatience = 2 * time.Second
)

type line struct {
	Offer   string `json:"offer,omitempty"`
	Answer  string `json:"answer,omitempty"`
	Channel string `json:"channel,omitempty"`
	Message string `json:"message,omitempty"`
	Opus    string `json:"opus,omitempty"`
	State   string `json:"state,omitempty"`
	Error   string `json:"error,omitempty"`
	Speak   bool   `json:"speak,omitempty"`
	Close   bool   `json:"close,omitempty"`
}

var (
	outLock sync.Mutex
	out     = json.NewEncoder(os.Stdout)
)

func tell(l line) {
	outLock.Lock()
	defer outLock.Unlock()
	if err := out.Encode(l); err != nil {
		os.Exit(1)
	}
}

func fail(err error) {
	tell(line{Error: err.Error()})
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

// newAPI makes the agent that the service's answers show: lite, active in DTLS, a
// fingerprint for the session alone, slashes in the user fragment, TCP beside UDP.
func newAPI(tcpOnly bool) *webrtc.API {
	settings := webrtc.SettingEngine{}
	settings.LoggerFactory = &logging.DefaultLoggerFactory{
		Writer: os.Stderr, DefaultLogLevel: logging.LogLevelWarn}
	settings.SetLite(true)
	check(settings.SetAnsweringDTLSRole(webrtc.DTLSRoleClient))
	settings.SetICECredentials("QmTz/u7/4pLx", "0123456789abcdefghijABCDEFGHIJ01")
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() && ip.To4() != nil })
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	check(err)
	settings.SetICETCPMux(webrtc.NewICETCPMux(nil, listener, 32))
	types := []webrtc.NetworkType{webrtc.NetworkTypeTCP4}
	if !tcpOnly {
		types = append(types, webrtc.NetworkTypeUDP4)
	}
	settings.SetNetworkTypes(types)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)

	codecs := &webrtc.MediaEngine{}
	check(codecs.RegisterDefaultCodecs())
	return webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(codecs))
}

func readPackets(path string) [][]byte {
	text, err := os.ReadFile(path)
	check(err)
	var packets [][]byte
	for _, each := range strings.Fields(string(text)) {
		packet, err := base64.StdEncoding.DecodeString(each)
		check(err)
		packets = append(packets, packet)
	}
	if len(packets) == 0 {
		fail(fmt.Errorf("%s has no packets", path))
	}
	return packets
}

func speak(track *webrtc.TrackLocalStaticSample, packets [][]byte) {
	ticker := time.NewTicker(packetLength)
	defer ticker.Stop()
	for number := 0; ; number++ {
		<-ticker.C
		packet := packets[len(packets)-1]
		if number < len(packets) {
			packet = packets[number]
		}
		if track.WriteSample(media.Sample{Data: packet, Duration: packetLength}) != nil {
			return
		}
	}
}

func listen(track *webrtc.TrackRemote) {
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		if len(packet.Payload) > 0 {
			tell(line{Opus: base64.StdEncoding.EncodeToString(packet.Payload)})
		}
	}
}

type call struct {
	connection *webrtc.PeerConnection
	track      *webrtc.TrackLocalStaticSample
	lock       sync.Mutex
	channel    *webrtc.DataChannel // with lock
	closed     chan struct{}       // the channel is
}

func (c *call) answer(api *webrtc.API, offer string) string {
	connection, err := api.NewPeerConnection(webrtc.Configuration{})
	check(err)
	c.connection = connection
	c.closed = make(chan struct{})
	track, err := webrtc.NewTrackLocalStaticSample(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2},
		"audio", "realtimeapi")
	check(err)
	c.track = track
	connection.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		tell(line{State: state.String()})
	})
	connection.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { listen(track) })
	connection.OnDataChannel(func(channel *webrtc.DataChannel) {
		opened := make(chan struct{})
		channel.OnOpen(func() {
			c.lock.Lock()
			c.channel = channel
			c.lock.Unlock()
			tell(line{Channel: channel.Label()})
			close(opened)
		})
		channel.OnMessage(func(message webrtc.DataChannelMessage) {
			// it may be there before the channel counts as open
			<-opened
			tell(line{Message: string(message.Data)})
		})
		channel.OnClose(func() {
			tell(line{State: "channel closed"})
			close(c.closed)
		})
	})
	_, err = connection.AddTrack(track)
	check(err)

	check(connection.SetRemoteDescription(webrtc.SessionDescription{
		Type: webrtc.SDPTypeOffer, SDP: offer}))
	answer, err := connection.CreateAnswer(nil)
	check(err)
	gathered := webrtc.GatheringCompletePromise(connection)
	check(connection.SetLocalDescription(answer))
	<-gathered
	return connection.LocalDescription().SDP
}

// close ends the channel in front of the connection, of whose end this pion tells
// nobody.
func (c *call) close() {
	c.lock.Lock()
	channel := c.channel
	c.lock.Unlock()
	if channel != nil && channel.Close() == nil {
		select {
		case <-c.closed:
		case <-time.After(closePatience):
		}
	}
	check(c.connection.Close())
}

func main() {
	speech := flag.String("speech", "", "file of the packets to speak")
	tcpOnly := flag.Bool("tcp-only", false, "no candidates over UDP")
	flag.Parse()
	packets := readPackets(*speech)
	api := newAPI(*tcpOnly)
	var current call

	orders := bufio.NewScanner(os.Stdin)
	orders.Buffer(nil, 1<<26)
	for orders.Scan() {
		var order line
		check(json.Unmarshal(orders.Bytes(), &order))
		switch {
		case order.Offer != "":
			tell(line{Answer: current.answer(api, order.Offer)})
		case order.Message != "":
			current.lock.Lock()
			channel := current.channel
			current.lock.Unlock()
			check(channel.SendText(order.Message))
		case order.Speak:
			go speak(current.track, packets)
		case order.Close:
			current.close()
			return
		}
	}
}
