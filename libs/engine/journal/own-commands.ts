// Commands that the installation itself asks for.
import { organizationStream } from '@fintech-ledger/envelope';
import { hash } from 'node:crypto';
import { systemActor } from './actors';
import type { CommandEnvelope } from './gateway';

/** What is in idempotency keys of ours: it is not printable, so no client can send such a key. */
export const ownKeyMark = '\u001f';

/**
 * The key that a client sent, which is printable ASCII: parts of a request have keys of ours that begin with it. Null:
 * none was sent.
 * @param actor who asked; what the installation does itself is under no client's key
 */
export function sentKey(idempotencyKey: string | undefined, actor: string): string | null {
  if (actor === systemActor || idempotencyKey === undefined) return null;
  const [sent = ''] = idempotencyKey.split(ownKeyMark, 1);
  return /^[\x20-\x7e]+$/.test(sent) ? sent : null;
}

/** A command of the installation itself, about an organization. */
export function ownCommand<C>(
  organizationId: string,
  command: C,
  correlationId: string,
): Pick<CommandEnvelope<C>, 'stream' | 'organizationId' | 'actor' | 'command' | 'correlationId'> {
  const stream = organizationStream(organizationId);
  return { stream, organizationId, actor: systemActor, command, correlationId };
}

/** Done once: what is asked for under a key of ours is always the same, so the key stands for it. */
export function keyedByUs(
  idempotencyKey: string,
): Required<Pick<CommandEnvelope, 'idempotencyKey' | 'requestHash'>> {
  return { idempotencyKey, requestHash: hash('sha256', idempotencyKey, 'hex') };
}
