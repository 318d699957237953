/*
 * pack.mjs - data for the pages: repeats out, compressed, in ASCII.
 *
 * gzip finds a repeat only in the 32 KB before. The programs of the image hold
 * the same library, hundreds of KB apart, and a second state of the machine is
 * nearly the first. So packed() first takes out each repeat, at any distance
 * and also of the bytes that the page has already. unpacked() in machine.js
 * puts the repeats back.
 *
 * The format, in words of 32 bits: the bytes of the whole, the number of
 * pieces, three words for each piece, then the fresh bytes of all pieces. A
 * piece is: fresh bytes, then bytes to copy, from which place. Places count
 * from the first byte that the page has before.
 *
 * The end is a text that stands between quotes in a script: seven bits in a
 * character. Base64, with six, would be an eighth longer.
 */
import zlib from "node:zlib";

const LEAST = 24; /* a shorter repeat is left to gzip */
const STEP = 8; /* places that the table knows */
const TABLE = 1 << 20;

/* Where the bytes of each place lead to, by their first 16 bytes. */
function hash(words, at) {
  let sum = 0;
  for (let word = 0; word < 16; word += 4)
    sum = Math.imul(sum ^ words.getUint32(at + word), 0x9e3779b1);
  return (sum ^ (sum >>> 15)) & (TABLE - 1);
}

/* The pieces of what is behind `before` in `all`: [fresh, copied, from]. */
function pieces_of(all, before) {
  const words = new DataView(all.buffer, all.byteOffset, all.length);
  const last_at = new Int32Array(TABLE).fill(-1);
  const pieces = [];
  let [begin, known, at] = [before, 0, before];
  while (at + LEAST <= all.length) {
    for (; known < at; known += STEP) last_at[hash(words, known)] = known;
    const from = last_at[hash(words, at)];
    let [start, end] = [at, at];
    if (from >= 0) {
      while (all[from + end - at] == all[end] && end < all.length) end++;
      while (start > begin && all[from + start - 1 - at] == all[start - 1])
        start--;
    }
    if (end - start < LEAST) {
      at++;
      continue;
    }
    pieces.push([start - begin, end - start, from + start - at]);
    begin = at = end;
  }
  pieces.push([all.length - begin, 0, 0]);
  return pieces;
}

/* Bytes as a text, seven bits in a character. */
function text_of(bytes) {
  const letters = Buffer.alloc(Math.ceil((bytes.length * 8) / 7));
  let [word, bits, used] = [0, 0, 0];
  for (const byte of bytes) {
    word = (word << 8) | byte;
    for (bits += 8; bits >= 7; ) letters[used++] = (word >> (bits -= 7)) & 127;
  }
  if (bits) letters[used] = (word << (7 - bits)) & 127;
  return letters.toString("latin1");
}

/* `data` as a text, for a page that has the bytes `before`. */
export function packed(data, before = new Uint8Array()) {
  const all = Buffer.concat([before, data].map(one => new Uint8Array(one)));
  const pieces = pieces_of(all, before.byteLength);
  const head = Uint32Array.from([
    data.byteLength,
    pieces.length,
    ...pieces.flat(),
  ]);
  const fresh = [];
  let at = before.byteLength;
  for (const [bytes, copied] of pieces) {
    fresh.push(all.subarray(at, at + bytes));
    at += bytes + copied;
  }
  const whole = Buffer.concat([new Uint8Array(head.buffer), ...fresh]);
  return text_of(zlib.gzipSync(whole, { level: 9 }));
}

/* A constant of a script: a text of packed(), an object of them, or null. JSON
 * would write six characters for each one below the blank. */
export function literal(data) {
  if (typeof data == "string")
    return `"${data
      .replace(/["\\]/g, "\\$&")
      .replace(/\n/g, "\\n")
      .replace(/\r/g, "\\r")}"`;
  const entries = Object.entries(data ?? {});
  return data && `{${entries.map(([name, one]) => `${name}:${literal(one)}`)}}`;
}
