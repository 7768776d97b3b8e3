import fc from 'fast-check';
import { crc32 as crc32OfZlib } from 'node:zlib';
import { crc32 } from './crc32';

it('is the CRC-32 of zlib for every text of ASCII characters', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 200 });
  fc.assert(fc.property(ascii, (text) => crc32(text) === crc32OfZlib(text)));
});
