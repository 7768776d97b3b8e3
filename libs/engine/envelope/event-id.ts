import { hash } from 'node:crypto';

/**
 * The ids of a command's events, by index: UUIDs (version 8, RFC 9562) from (stream, key of the command), counted up by the index, so that a
 * writer that appends the same command again gives the same ids and the store knows them. One hash a command, however many events it has.
 */
export function eventIds(stream: string, commandKey: string): (index: number) => string {
  const digest = hash('sha256', `${stream}\n${commandKey}`, 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const head = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 24)}`;
  const first = Number.parseInt(digest.slice(24, 32), 16);
  return (index) => head + ((first + index) % 2 ** 32).toString(16).padStart(8, '0');
}
