/**
 * Arrays of zeros, as `new Int32Array(size)` and its like make them; the small ones are cut from a larger piece of memory, as Node
 * cuts small Buffers. The analyses of a small workflow ask for a hundred of them, and to ask for memory costs ten times what it costs
 * to cut it. No piece is given out twice.
 */
const PIECE = 32_768;
/** Larger arrays have memory of their own: a piece is kept as long as anything cut from it. */
const LARGEST_CUT = 2_048;

let piece = new ArrayBuffer(0);
let used = 0;

/** Where the next `bytes` bytes of the piece start, on a multiple of 8. */
function cut(bytes: number): number {
  if (used + bytes > piece.byteLength) {
    piece = new ArrayBuffer(PIECE);
    used = 0;
  }
  const start = used;
  used += (bytes + 7) & ~7;
  return start;
}

export function int32s(size: number): Int32Array<ArrayBuffer> {
  if (size * 4 > LARGEST_CUT) return new Int32Array(size);
  const start = cut(size * 4);
  return new Int32Array(piece, start, size);
}

export function float64s(size: number): Float64Array<ArrayBuffer> {
  if (size * 8 > LARGEST_CUT) return new Float64Array(size);
  const start = cut(size * 8);
  return new Float64Array(piece, start, size);
}
