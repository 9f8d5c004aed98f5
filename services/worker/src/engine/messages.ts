import { move, transferableSymbol, valueSymbol } from "piscina";

/** What travels between the worker and its engine threads: bytes, transferred and never copied, and a few columns. */

export interface EngineTask {
  /** JSON text of the workflow's definition, UTF-8. */
  readonly definition: ArrayBuffer;
  /** JSON text of the engine's options, UTF-8. */
  readonly options: ArrayBuffer;
}

interface ReportColumns {
  readonly score: number;
  readonly grade: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly engineVersion: string;
}

export type EngineAnswer =
  | {
      readonly answer: "report";
      /** JSON text of the report, UTF-8. */
      readonly report: ArrayBuffer;
      /** The drawing as DEFLATE-compressed JSON; null when it could not be made, for the reason in `layoutFailure`. */
      readonly layout: ArrayBuffer | null;
      readonly layoutFailure: string | null;
      readonly columns: ReportColumns;
      /** When the thread began, in Unix milliseconds. */
      readonly startedAt: number;
      /** Time from bytes to report, in milliseconds. */
      readonly durationMs: number;
    }
  /** The definition is no workflow; `message` says why. */
  | { readonly answer: "unusable"; readonly message: string };

/** Buffers that move with an answer. */
export function buffersOf(answer: EngineAnswer): readonly ArrayBuffer[] {
  if (answer.answer !== "report") return [];
  return answer.layout === null ? [answer.report] : [answer.report, answer.layout];
}

/** Has the pool move the buffers of a message to the other thread, where they would be copied. */
export function moving<Message>(message: Message, buffers: readonly ArrayBuffer[]): Message {
  // The pool unwraps it, so that the other side sees the message itself.
  return move({ [transferableSymbol]: buffers, [valueSymbol]: message as object }) as unknown as Message;
}
