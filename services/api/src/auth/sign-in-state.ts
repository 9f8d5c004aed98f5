import { AppError } from "@workflow-debugger/shared/contract";
import { hashToken, newToken } from "@workflow-debugger/shared/crypto";
import { type OauthState, openOauthState, takeOauthState } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { SIGN_IN_SECONDS, setSignInCookie, signInCookie } from "./session-cookie.ts";

/**
 * The `state` of a sign-in: `nonce.signature`, signed together with the browser's cookie, and good for one use. Neither a
 * forged one, nor one of another browser, nor a second use passes.
 */

const PURPOSE = "sign-in";
type Parts = Pick<Dependencies, "database" | "keyRing" | "settings">;

export async function beginSignIn(context: Context<AppEnv>, wanted: OauthState, parts: Parts): Promise<string> {
  const { database, keyRing, settings } = parts;
  const browser = signInCookie(context, settings) ?? newToken();
  setSignInCookie(context, browser, settings);
  const nonce = newToken();
  const state = `${nonce}.${keyRing.sign(`${nonce}.${browser}`, PURPOSE)}`;
  await openOauthState(database, { ...wanted, hash: hashToken(state), lifeSeconds: SIGN_IN_SECONDS });
  return state;
}

/** The sign-in that this state began in this browser, once; else `VALIDATION_FAILED`. */
export async function takeSignIn(context: Context<AppEnv>, state: string, parts: Parts): Promise<OauthState> {
  const { database, keyRing, settings } = parts;
  const [nonce = "", signature = ""] = state.split(".");
  const browser = signInCookie(context, settings);
  const ours = browser !== null && keyRing.verify(`${nonce}.${browser}`, signature, PURPOSE);
  const begun = ours ? await takeOauthState(database, hashToken(state)) : null;
  if (begun !== null) return begun;
  throw new AppError("VALIDATION_FAILED", {
    message: "This sign-in was not begun in this browser, was finished already, or took too long. Begin again.",
    details: [{ path: "/state", code: "state", message: "does not belong to a sign-in under way" }],
  });
}
