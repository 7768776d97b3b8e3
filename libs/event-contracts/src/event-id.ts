import { hash } from 'node:crypto';

/**
 * An event's id: a UUID (version 8, RFC 9562) from (stream, key of the command, index), so that a writer that appends the same
 * command again gives the same ids and the store knows them.
 */
export function eventId(stream: string, commandKey: string, index: number): string {
  const digest = hash('sha256', `${stream}\n${index}\n${commandKey}`, 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
