/**
 * One-dimensional arrays without nulls as parameters in PostgreSQL's binary format (`array_recv`): dimensions, flags,
 * element type, length, lower bound, then each element after its length; all big-endian. As text each element would be
 * quoted here and parsed there, for thousands of rows in each statement. The statement must say the type (`$1::int[]`).
 */
const headBytes = 20;
const lengthBytes = 4;
const int8 = 20;
const int4 = 23;
const text = 25;
const uuid = 2950;
const uuidBytes = 16;

/** For `int[]`. */
export function int4Array(values: readonly number[]): Buffer {
  const buffer = arrayOf(int4, values.length, values.length * (lengthBytes + 4));
  let at = headBytes;
  for (const value of values) {
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(value, at);
  }
  return buffer;
}

/** For `bigint[]`; each a safe integer. */
export function int8Array(values: readonly number[]): Buffer {
  const buffer = arrayOf(int8, values.length, values.length * (lengthBytes + 8));
  let at = headBytes;
  for (const value of values) {
    at = buffer.writeInt32BE(8, at);
    const low = value >>> 0;
    at = buffer.writeInt32BE((value - low) / 2 ** 32, at);
    at = buffer.writeUInt32BE(low, at);
  }
  return buffer;
}

/** For `text[]`, or what is cast from it (`$1::text[]::numeric[]`). */
export function textArray(values: readonly string[]): Buffer {
  let bytes = 0;
  for (const value of values) bytes += lengthBytes + Buffer.byteLength(value);
  const buffer = arrayOf(text, values.length, bytes);
  let at = headBytes;
  for (const value of values) {
    const length = buffer.write(value, at + lengthBytes);
    buffer.writeInt32BE(length, at);
    at += lengthBytes + length;
  }
  return buffer;
}

/** For `uuid[]`; each as 32 hex digits. */
export function uuidArray(values: readonly string[]): Buffer {
  const buffer = arrayOf(uuid, values.length, values.length * (lengthBytes + uuidBytes));
  let at = headBytes;
  for (const value of values) {
    at = buffer.writeInt32BE(uuidBytes, at);
    at += buffer.write(value, at, uuidBytes, 'hex');
  }
  return buffer;
}

function arrayOf(elementType: number, length: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(headBytes + bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(elementType, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
