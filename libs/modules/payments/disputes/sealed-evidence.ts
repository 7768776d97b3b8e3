import type { EvidenceFile, GiveEvidence } from '@fintech-ledger/payments/domain';
import { sealValue } from '@fintech-ledger/privacy';
import type { KnownSubject } from '@fintech-ledger/privacy';

/** What is said against a dispute: the text, and what the files are called, may name anybody. */
export type Evidence = Pick<GiveEvidence, 'files' | 'text'>;

/** A request without what is personal in it: only that it is there. */
export const withoutPersonal = <B extends { readonly files?: readonly EvidenceFile[] }>(body: B): object => ({
  ...body,
  text: true,
  ...(body.files !== undefined && { files: body.files.map(({ sha256 }) => ({ name: true, sha256 })) }),
});

/** The same, encrypted; nothing of it where there is no key. */
export function sealedEvidence({ files, text }: Evidence, { id, key }: KnownSubject): Evidence {
  const seal = (value: string): string => (key ? sealValue({ id, key }, 'dispute.evidence.part', value) : '');
  return { files: files.map(({ name, sha256 }) => ({ name: seal(name), sha256 })), text: seal(text) };
}
