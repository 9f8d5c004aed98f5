/** Stand-ins of outside services, for development and tests only: no production code may import them. */

export { encryptSsoPayload } from "./highlevel/sso-payload.ts";
export {
  type Fault,
  type HighLevelOptions,
  type HighLevelStandIn,
  startHighLevel,
} from "./highlevel/start.ts";
export type { StandInLocation, StandInWorkflow } from "./highlevel/state.ts";

export { createStripeAccount, STAND_IN_PRICE, type StandInEvent, type StripeAccount } from "./stripe/account.ts";
export {
  type StripeFailure,
  type StripeStandIn,
  signedDelivery,
  startStripeStandIn,
  stripeHeaders,
} from "./stripe/server.ts";
