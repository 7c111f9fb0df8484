package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"unicode"
)

// CheckURL says why a document cannot be fetched from a URL, before anything is sent.
func CheckURL(text string, private bool) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("this is no URL")
	}
	host := u.Hostname()
	switch {
	case host == "" || u.Opaque != "":
		return nil, errors.New("the URL names no host")
	case u.User != nil:
		return nil, errors.New("the URL holds a user name or password")
	case u.Scheme == "http" && private && isLoopback(host):
	case u.Scheme != "https":
		return nil, errors.New("only https is fetched")
	}
	if private {
		return u, nil
	}
	if isLoopback(host) {
		return nil, errors.New("the host is this machine")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return u, checkAddress(ip)
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' }) {
		return nil, errors.New("the host has characters that are not ASCII: write it as xn--")
	}
	if isNumeric(host) {
		return nil, errors.New("the host is an address in another spelling than usual")
	}
	return u, nil
}

// isNumeric reports whether a host ends in a number, as no name does: some resolvers, and so some
// proxies, take 2130706433, 0x7f.1 and 127.1 for addresses.
func isNumeric(host string) bool {
	labels := strings.Split(strings.TrimRight(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	if digits, hex := strings.CutPrefix(last, "0x"); hex {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// isLoopback reports whether a host is this machine by its name alone.
func isLoopback(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	ip, err := netip.ParseAddr(name)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && ip.Unmap().IsLoopback()
}

// Shown returns a URL as messages show it: without query, fragment, user and password, which may
// hold secrets.
func Shown(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		text, _, _ = strings.Cut(text, "?")
		if _, host, found := strings.Cut(text, "@"); found {
			text = host
		}
		return text
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// transport returns the way to a host: through the proxy of the environment, if that names one,
// else straight, and then to public addresses only.
func (c *Client) transport(target *url.URL, limits Limits) (*http.Transport, error) {
	find := c.proxy
	if find == nil {
		find = http.ProxyFromEnvironment
		if err := checkProxy(); err != nil {
			return nil, err
		}
	}
	proxy, err := find(&http.Request{URL: target})
	if err != nil {
		return nil, failf("correct HTTPS_PROXY in the environment", "the environment names a proxy that is no URL")
	}
	dialer := &net.Dialer{Timeout: limits.Connect}
	if proxy == nil && !c.Private {
		dialer.ControlContext = publicOnly
	}
	return &http.Transport{
		Proxy:                  http.ProxyURL(proxy),
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    limits.Connect,
		ResponseHeaderTimeout:  limits.Header,
		MaxResponseHeaderBytes: 1 << 20,
		DisableCompression:     true, // it is undone here, where a cut shows
		ForceAttemptHTTP2:      true,
	}, nil
}

// checkProxy refuses a proxy of the environment that is not URL. Package net/http would go straight
// to the host.
func checkProxy() error {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		if !strings.Contains(text, "://") {
			text = "http://" + text
		}
		u, err := url.Parse(text)
		known := err == nil && slices.Contains([]string{"http", "https", "socks5", "socks5h"}, strings.ToLower(u.Scheme))
		if !known || u.Hostname() == "" || strings.ContainsFunc(u.Host, unicode.IsSpace) {
			return failf("correct "+name+" in the environment", "the environment names a proxy that is no URL")
		}
	}
	return nil
}

// publicOnly is called with the address that is about to be connected to, after the name was looked
// up.
func publicOnly(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return failf("check the url", "the host leads to %q, which is no address", address)
	}
	if err := checkAddress(at.Addr()); err != nil {
		return &failure{err.Error(), "check the url; give --allow-private if it is a server of your own"}
	}
	return nil
}

// Networks that are not the public internet beyond those that netip knows itself.
var special = prefixes(
	"0.0.0.0/8",                                                                       // this network
	"100.64.0.0/10",                                                                   // carriers' own, and metadata of one cloud
	"168.63.129.16/32",                                                                // the host of one cloud
	"192.0.0.0/24",                                                                    // protocol assignments
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20", // documentation
	"198.18.0.0/15",  // benchmarks
	"240.0.0.0/4",    // reserved, and broadcast
	"::/96",          // IPv4 in an old spelling
	"100::/64",       // discarded
	"64:ff9b:1::/48", // NAT64 of one's own
	"2001::/32",      // Teredo
	"fec0::/10",      // site-local
)

// Prefixes in front of an IPv4 address: the address counts that is reached in the end.
var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96")
	sixToV4 = netip.MustParsePrefix("2002::/16")
)

// public6 is all of IPv6 that is given to anybody. Outside of it are spellings of IPv4 addresses
// such as ::ffff:0:127.0.0.1.
var public6 = netip.MustParsePrefix("2000::/3")

func prefixes(all ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(all))
	for i, text := range all {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// checkAddress says why an address is not a public one.
func checkAddress(ip netip.Addr) error {
	reached := ip.Unmap().WithZone("")
	bytes := reached.As16()
	switch {
	case nat64.Contains(reached):
		reached = netip.AddrFrom4([4]byte(bytes[12:]))
	case sixToV4.Contains(reached):
		reached = netip.AddrFrom4([4]byte(bytes[2:6]))
	}
	bad := !reached.IsGlobalUnicast() || reached.IsPrivate() || reached.Is6() && !public6.Contains(reached)
	for _, p := range special {
		bad = bad || p.Contains(reached)
	}
	if bad {
		return fmt.Errorf("the host leads to %s, which is no public address", ip)
	}
	return nil
}
