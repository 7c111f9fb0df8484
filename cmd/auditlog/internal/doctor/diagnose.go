package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/credentials"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generated/rest/atlassian"
)

// diagnose says what is behind a failed request.
func diagnose(ctx context.Context, p Patient, log *audit.Log, kind string, err error) fault {
	var api *rest.APIError
	if !errors.As(err, &api) {
		return unanswered(err)
	}
	switch {
	case errors.Is(err, atlassian.ErrFreePlan):
		return fault{"Free plan", "The plan of the site does not include the audit log.",
			[]string{"Upgrade the site to Standard or Premium, or choose another site."}}
	case api.Scopes != "":
		return fault{"missing scope", "The token is valid, and it lacks a scope.", []string{
			"Create a token that has the scope " + api.Scopes + "."}}
	case errors.Is(err, rest.ErrUnauthorized):
		return unauthorized(ctx, p, kind)
	case errors.Is(err, rest.ErrForbidden):
		return fault{"missing permission", "The credentials are right, and their owner may not read the audit log.", []string{
			"Give the owner of the token the permission " + log.Permission + ",", "or use the token of somebody who has it."}}
	case errors.Is(err, rest.ErrNotFound):
		return notFound(p)
	case errors.Is(err, rest.ErrNotJSON):
		return fault{"web page", "A web page came instead of the audit log: a login page, or that of a proxy or portal.", []string{
			"Create a new API token: this one may have expired.",
			"Use the address of the site itself, such as https://NAME.atlassian.net, and nothing in front of it."}}
	case errors.Is(err, rest.ErrRateLimited):
		return fault{"rate limit", "The site takes no more requests of this user for now.", []string{"Wait some minutes. export and follow wait by themselves."}}
	case api.StatusCode >= 500:
		return fault{"site in trouble", "The site answers with an error of its own.",
			[]string{"Try again later. export and follow do so by themselves. https://status.atlassian.com says whether others have it too."}}
	case api.StatusCode >= 300 && api.StatusCode < 400:
		return redirected(api)
	}
	return fault{"unexpected answer", "The site answers with something that no document describes.",
		[]string{"Check --product and --site. Report it, with the line above."}}
}

// unauthorized tells wrong credentials from right ones at the wrong address.
func unauthorized(ctx context.Context, p Patient, kind string) fault {
	switch {
	case isGateway(p.Site) && kind == credentials.Basic:
		return fault{"wrong credentials", "The gateway does not accept them.", []string{
			"An API token without scopes works only at the site: use --site https://NAME.atlassian.net.",
			"Otherwise check the email address and the cloud id, and create a new API token with scopes."}}
	case isGateway(p.Site):
		return fault{"wrong credentials", "The gateway does not accept the token: it has expired, or it is for another site.", []string{
			"Get a new access token, and check the cloud id in --site."}}
	case kind == credentials.Bearer:
		return fault{"gateway or site", "A bearer token works only at the gateway, and this is a site.", []string{
			"Use --site " + gatewayOf(ctx, p.Product, p.Site),
			"or, for an API token without scopes, set " + credentials.EmailVariable + " as well."}}
	}
	return fault{"wrong credentials", "The site does not accept them: the email address is another one, or the API token is wrong, expired or revoked.", []string{
		"Check the email address, and create a new API token at https://id.atlassian.com/manage-profile/security/api-tokens.",
		"An API token with scopes works only at the gateway: use --site " + gatewayOf(ctx, p.Product, p.Site)}}
}

func notFound(p Patient) fault {
	if isGateway(p.Site) {
		return fault{"wrong address", "The gateway does not know this address.", []string{
			"Check the cloud id in --site, and that it is behind /ex/" + p.Product + "/."}}
	}
	return fault{"wrong address", "There is no audit log of " + p.Product + " at this address.", []string{
		"Use the address of the site and nothing behind it, such as https://NAME.atlassian.net.",
		"If it is that already, the site does not have " + p.Product + ": check --product."}}
}

// redirected is a site that has moved, or an address that is not a site.
func redirected(api *rest.APIError) fault {
	f := fault{"wrong address", "The site sends its clients elsewhere.", []string{"Use the address that the site has now."}}
	if to, err := url.Parse(api.Header.Get("Location")); err == nil && to.Host != "" {
		f.do = []string{"Use --site " + to.Scheme + "://" + to.Host + " if you know that address."}
	}
	return f
}

// unanswered is a request without an answer.
func unanswered(err error) fault {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return fault{"wrong address", "There is no computer of that name.", []string{"Check the spelling of --site, and whether this computer can look up names."}}
	case errors.As(err, &certificate):
		return fault{"certificate", "The certificate of the site is not trusted here.", []string{
			"If a proxy of your company opens connections, add its certificate to the trusted ones of this computer."}}
	}
	return fault{"no connection", "The site does not answer.", []string{
		"Check the network, the firewall and HTTPS_PROXY, and that the address and port of --site are right."}}
}
