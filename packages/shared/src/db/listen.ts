import type { Logger } from "../observability/logger.ts";

/** Channels that the database notifies. */
export const CHANNELS = {
  /** Payload: the id of an analysis whose status changed. */
  analysisChanged: "analysis_changed",
  /** No payload: a row waits for the dispatcher. */
  analysisWaiting: "analysis_waiting",
} as const;

export interface ListenOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly channels: readonly string[];
  readonly onNotification: (channel: string, payload: string) => void;
  /** Called when listening began or began anew: whatever was notified in between is lost, so read the rows again. */
  readonly onReconnect: () => void;
  readonly log: Logger;
}

export interface Listener {
  /** Resolves when listening has begun for the first time. */
  readonly ready: Promise<void>;
  isListening(): boolean;
  close(): Promise<void>;
}

/** Listens on a connection of its own, watches it by a heartbeat, and connects anew for ever when it is lost. */
export function listen(_options: ListenOptions): Listener {
  throw new Error("not written yet");
}
