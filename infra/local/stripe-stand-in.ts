/**
 * A stand-in Stripe as a process of its own, for `pnpm dev`: subscribing and managing can be clicked through, and signed
 * webhooks come back. Takes its port and the address of our webhooks as its arguments; what it knows ends with it.
 */
import { startStripeStandIn } from "@workflow-debugger/shared/stand-ins";

const [port, webhookUrl] = process.argv.slice(2);
if (webhookUrl === undefined) throw new Error("the address of the webhooks is missing");
const standIn = await startStripeStandIn({
  port: Number(port),
  webhookSecret: process.env["STRIPE_WEBHOOK_SECRETS"] ?? "",
});
standIn.deliverTo(webhookUrl);
console.log(`stand-in Stripe on ${standIn.url}, webhooks to ${webhookUrl}, failures at ${standIn.url}/failures`);
process.once("SIGTERM", () => void standIn.close());
