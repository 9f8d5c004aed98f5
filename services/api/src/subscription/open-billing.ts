import { openStripe } from "@workflow-debugger/shared/billing";
import type { ApiConfig } from "@workflow-debugger/shared/config";
import type { Billing } from "../dependencies.ts";

/** Billing as configured; null without a key for Stripe. */
export function openBilling(config: ApiConfig): Billing | null {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_PRICE_PRO: price, APP_URL } = config;
  if (secretKey === undefined) return null;
  const back = (outcome: string) => {
    const url = new URL("/upgrade", APP_URL);
    url.searchParams.set("checkout", outcome);
    return url.href;
  };
  return {
    stripe: openStripe({ secretKey, apiBase: config.STRIPE_API_BASE }),
    checkout:
      price === undefined
        ? null
        : {
            price,
            trialDays: config.STRIPE_TRIAL_DAYS,
            automaticTax: config.STRIPE_AUTOMATIC_TAX,
            promotionCodes: config.STRIPE_PROMOTION_CODES,
            successUrl: back("success"),
            cancelUrl: back("canceled"),
          },
  };
}
