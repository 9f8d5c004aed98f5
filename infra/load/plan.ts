/** What a load generator is to do, and what it saw. Both cross a process boundary as JSON. */

export interface LoadPlan {
  /** Origin of the service. */
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Address; requests take turns when there are several. */
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** What each request carries. */
  readonly body?: LoadBody;
  /** How many requests are under way at once, each on a connection of its own. */
  readonly connections: number;
  /** When it is enough: the first that comes. */
  readonly requests?: number;
  readonly seconds?: number;
  /** Requests per second that are begun, whatever becomes of the ones before; as fast as they are answered when absent. */
  readonly rate?: number;
  /** Is sent again until it is answered with 2xx. */
  readonly persistent?: boolean;
}

export type LoadBody =
  /** A text in which `UNIQUE` stands for what is different each time. */
  | { readonly kind: "template"; readonly text: string; readonly stripeSecret?: string }
  /** One body per line, each sent once. */
  | { readonly kind: "lines"; readonly file: string; readonly stripeSecret?: string };

/** The mark in a template. */
export const UNIQUE = "@unique@";

export interface LoadResult {
  /** Status → answers; 0 stands for requests without one. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly seconds: number;
  /** Answers with 2xx per second. */
  readonly perSecond: number;
  /** Of answers with 2xx. Milliseconds. */
  readonly latency: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
}
