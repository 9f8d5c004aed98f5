import { BlockList, isIP } from "node:net";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../dependencies.ts";

/**
 * The address a request comes from: the socket's, or, where that is a trusted proxy, the rightmost address in
 * X-Forwarded-For that is none. What stands further left is the client's own claim.
 *
 * @param trusted addresses and CIDR ranges.
 */
export function clientAddress(trusted: readonly string[]): MiddlewareHandler<AppEnv> {
  const proxies = new BlockList();
  for (const entry of trusted) {
    const [address = "", prefix] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(prefix), family);
  }
  const isTrusted = (address: string): boolean => {
    const version = isIP(address);
    return version !== 0 && proxies.check(address, version === 6 ? "ipv6" : "ipv4");
  };
  return createMiddleware<AppEnv>(async function clientAddress(context, next) {
    let address = plain(context.env?.incoming?.socket.remoteAddress ?? "unknown");
    const hops = isTrusted(address) ? (context.req.header("x-forwarded-for") ?? "").split(",") : [];
    while (isTrusted(address)) {
      const hop = plain(hops.pop()?.trim() ?? "");
      if (isIP(hop) === 0) break;
      address = hop;
    }
    context.set("clientAddress", address);
    await next();
  });
}

/** An IPv4 client of a dual-stack socket appears as `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
