import { constants, deflateRawSync, type ZlibOptions } from "node:zlib";

/** How values cross from thread to thread: as bytes in buffers of their own, since a small Buffer shares one that must not move. */

export function fromBytes(bytes: ArrayBuffer): unknown {
  return JSON.parse(Buffer.from(bytes).toString("utf8"));
}

export function toBytes(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

/** `fast` for large values: twice the size in a fifth of the time. `brief` for many of some kilobytes, which spend most of their time on the compressor's own memory: it gets little. */
type Packing = "small" | "fast" | "brief";

const packings: Readonly<Record<Packing, ZlibOptions>> = {
  small: {},
  fast: { level: constants.Z_BEST_SPEED },
  brief: { level: constants.Z_BEST_SPEED, memLevel: 6, windowBits: 13, chunkSize: 2_048 },
};

/** DEFLATE-compressed JSON. */
export function packed(value: unknown, packing: Packing = "small"): ArrayBuffer {
  return new Uint8Array(deflateRawSync(JSON.stringify(value), packings[packing])).buffer;
}

/** The bytes in a buffer of their own. */
export function ownBytes(bytes: Buffer): ArrayBuffer {
  const whole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return whole ? (bytes.buffer as ArrayBuffer) : new Uint8Array(bytes).buffer;
}
