import { AppError } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import type { AppEnv } from "../dependencies.ts";

/** A body that is announced as small is not worth being counted piece by piece, and takes no room from large ones: what many small ones take is bounded by the turns of requests. */
const SMALL = 256 * 1024;

/**
 * The whole body. Its bytes are counted as they arrive: what is merely announced takes no room, and what is not announced is cut
 * at the limit. Throws `PAYLOAD_TOO_LARGE`.
 *
 * @param most bytes it may have.
 * @param tooLarge the message when it has more; the code's own when absent.
 * @param take is told of bytes that arrived; what it throws ends the reading.
 */
export async function readBody(
  context: Context<AppEnv>,
  {
    most,
    tooLarge,
    take = () => undefined,
  }: { readonly most: number; readonly tooLarge?: string; readonly take?: (bytes: number) => void },
): Promise<Uint8Array> {
  let size = 0;
  const count = (bytes: number): void => {
    size += bytes;
    if (size > most) throw new AppError("PAYLOAD_TOO_LARGE", tooLarge === undefined ? {} : { message: tooLarge });
    take(bytes);
  };
  const announced = Number(context.req.header("content-length"));
  if (announced > most) count(announced);
  if (announced <= SMALL) {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    if (bytes.byteLength > most) count(bytes.byteLength);
    return bytes;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of context.req.raw.body ?? []) {
    count(piece.byteLength);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
