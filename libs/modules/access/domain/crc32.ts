const polynomial = 0xedb88320;
const table = Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
  return rest;
});

/** The CRC-32 of a text of ASCII characters, as in zlib and Ethernet: from 0 to 2^32 - 1. */
export function crc32(text: string): number {
  let rest = -1;
  for (let at = 0; at < text.length; at += 1) {
    rest = (rest >>> 8) ^ (table[(rest ^ text.charCodeAt(at)) & 0xff] ?? 0);
  }
  return ~rest >>> 0;
}
