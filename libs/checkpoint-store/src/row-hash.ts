import { hash } from 'node:crypto';

/** Half of a SHA-256 over where a row belongs and what it says: enough to notice an edit, short enough for a million rows. */
export function rowHash(stream: string, key: string, text: string): string {
  return hash('sha256', `${stream}\n${key}\n${text}`, 'hex').slice(0, 32);
}

export function headHash(stream: string, revision: number, chainHash: string): string {
  return hash('sha256', `${stream}\n${revision}\n${chainHash}`, 'hex');
}
