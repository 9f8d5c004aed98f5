/**
 * The address of HighLevel's page where the user chooses a location and consents (ghl.md 3.1).
 *
 * @param authorizeUrl `https://marketplace.gohighlevel.com/v2/oauth/chooselocation` or a white-label or stand-in one.
 */
export function authorizationUrl(request: {
  readonly authorizeUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string;
}): string {
  const url = new URL(request.authorizeUrl);
  url.searchParams.set("response_type", "code");
  url.searchParams.set("client_id", request.clientId);
  url.searchParams.set("redirect_uri", request.redirectUri);
  url.searchParams.set("scope", request.scopes.join(" "));
  url.searchParams.set("state", request.state);
  // Without it the page opens a window of its own.
  url.searchParams.set("loginWindowOpenMode", "self");
  return url.href;
}
