import { Trait } from "../model/traits.ts";
import type { Analysis } from "../view.ts";
import { leadsTo } from "./leads-to.ts";

/** 1 for every step from which a send can be reached, itself included. */
export const sendsBehind: Analysis<Uint8Array> = (view) => leadsTo(view, ({ traits }) => (traits & Trait.send) !== 0);
