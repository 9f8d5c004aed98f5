import { findFreePort } from "./free-port.ts";
import { type ServiceProcess, startService } from "./service-process.ts";

/** The ports the stand-ins take when they are free. */
const HIGHLEVEL_PORT = 54_322;
const STRIPE_PORT = 54_323;

export interface StandIn {
  readonly service: ServiceProcess;
  /** What leads the API and the worker to it. */
  environment(): Promise<NodeJS.ProcessEnv>;
}

/**
 * Starts a stand-in for each outside service that the environment holds no credentials for: a HighLevel that knows the demo
 * locations, and a Stripe whose checkout page can be clicked through.
 */
export async function startStandIns(environment: NodeJS.ProcessEnv, webhookUrl: string): Promise<readonly StandIn[]> {
  const wanted = [
    environment["GHL_CLIENT_ID"] ? null : startStandIn("highlevel", HIGHLEVEL_PORT, [], highLevelAt),
    environment["STRIPE_SECRET_KEY"] ? null : startStandIn("stripe", STRIPE_PORT, [`${webhookUrl}/stripe`], stripeAt),
  ];
  return Promise.all(wanted.filter((standIn) => standIn !== null));
}

/** @param leadTo the environment that leads services to a stand-in at this address. */
async function startStandIn(
  name: "highlevel" | "stripe",
  preferredPort: number,
  parameters: readonly string[],
  leadTo: (url: string) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>,
): Promise<StandIn> {
  const port = await findFreePort(preferredPort);
  return {
    service: startService(name, String(port), ...parameters),
    environment: async () => leadTo(`http://127.0.0.1:${port}`),
  };
}

function highLevelAt(url: string): NodeJS.ProcessEnv {
  return {
    GHL_API_BASE: url,
    GHL_AUTHORIZE_URL: `${url}/v2/oauth/chooselocation`,
    GHL_CLIENT_ID: "standin-local",
    GHL_CLIENT_SECRET: "stand-in-secret",
    GHL_APP_ID: "standin",
    GHL_SSO_SECRET: "stand-in-sso-secret",
  };
}

async function stripeAt(url: string): Promise<NodeJS.ProcessEnv> {
  const { STAND_IN_PRICE } = await import("@workflow-debugger/shared/stand-ins");
  return {
    STRIPE_API_BASE: url,
    STRIPE_SECRET_KEY: "sk_test_standin",
    STRIPE_PRICE_PRO: STAND_IN_PRICE,
    STRIPE_WEBHOOK_SECRETS: "whsec_standin",
  };
}
