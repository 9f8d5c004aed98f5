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

/** Starts a stand-in for each outside service that the environment holds no credentials for. */
export async function startStandIns(environment: NodeJS.ProcessEnv, webhookUrl: string): Promise<readonly StandIn[]> {
  return [
    ...(environment["GHL_CLIENT_ID"] ? [] : [await startHighLevel()]),
    ...(environment["STRIPE_SECRET_KEY"] ? [] : [await startStripe(webhookUrl)]),
  ];
}

/** Without an app in HighLevel's marketplace, the sign-in goes to a stand-in that knows the demo locations. */
async function startHighLevel(): Promise<StandIn> {
  const port = await findFreePort(HIGHLEVEL_PORT);
  const url = `http://127.0.0.1:${port}`;
  return {
    service: startService("highlevel", String(port)),
    environment: async () => ({
      GHL_API_BASE: url,
      GHL_AUTHORIZE_URL: `${url}/v2/oauth/chooselocation`,
      GHL_CLIENT_ID: "standin-local",
      GHL_CLIENT_SECRET: "stand-in-secret",
      GHL_APP_ID: "standin",
      GHL_SSO_SECRET: "stand-in-sso-secret",
    }),
  };
}

/** Without a key for Stripe, billing goes to a stand-in whose checkout page can be clicked through. */
async function startStripe(webhookUrl: string): Promise<StandIn> {
  const port = await findFreePort(STRIPE_PORT);
  return {
    service: startService("stripe", String(port), `${webhookUrl}/stripe`),
    async environment() {
      const { STAND_IN_PRICE } = await import("@workflow-debugger/shared/stand-ins");
      return {
        STRIPE_API_BASE: `http://127.0.0.1:${port}`,
        STRIPE_SECRET_KEY: "sk_test_standin",
        STRIPE_PRICE_PRO: STAND_IN_PRICE,
        STRIPE_WEBHOOK_SECRETS: "whsec_standin",
      };
    },
  };
}
