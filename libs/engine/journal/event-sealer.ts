import { canonicalJson, eventIds, sealMetadata } from '@fintech-ledger/envelope';
import type { CommandPart, RefusedItem, UnsealedMetadata } from '@fintech-ledger/envelope';
import type { EventToAppend } from '@fintech-ledger/event-store';
import type { DomainEvent, DomainEvents } from './domain';
import type { CommandEnvelope } from './gateway';

/** Where a chain of hashes stands. */
export interface ChainTip {
  readonly revision: number;
  readonly chainHash: string;
}

export interface SealedEvents {
  readonly events: readonly EventToAppend[];
  readonly bytes: number;
  readonly tip: ChainTip;
}

interface SealingDomain<E extends DomainEvent> {
  readonly events: DomainEvents<E>;
  effectiveAt?(event: E, recordedAt: string): string;
}

/** Turns a command's events into what is appended: ids from the command, canonical JSON, and the stream's hash chain carried on. Stops after each. */
export function* sealEvents<E extends DomainEvent>(
  envelope: CommandEnvelope,
  commandKey: string,
  events: readonly E[],
  refusedItems: readonly RefusedItem[],
  recordedAt: string,
  from: ChainTip,
  domain: SealingDomain<E>,
  part?: CommandPart,
): Generator<void, SealedEvents> {
  const sealed: EventToAppend[] = [];
  const idOf = eventIds(envelope.stream, commandKey);
  let { revision, chainHash } = from;
  let bytes = 0;
  for (let index = 0; index < events.length; index += 1) {
    if (index > 0) yield;
    const event = events[index] as E;
    revision += 1;
    const id = idOf(index);
    const data = canonicalJson(event.data);
    const metadata: Partial<UnsealedMetadata> = {
      $correlationId: envelope.correlationId,
      actor: envelope.actor,
      commandIndex: index,
      commandSize: events.length,
      effectiveAt: domain.effectiveAt?.(event, recordedAt) ?? recordedAt,
      idempotencyKey: envelope.idempotencyKey,
      organizationId: envelope.organizationId,
      part: index === 0 ? part : undefined,
      previousHash: chainHash,
      recordedAt,
      refusedItems: index === 0 && refusedItems.length > 0 ? refusedItems : undefined,
      requestHash: envelope.requestHash,
      traceparent: envelope.traceparent,
      version: domain.events.versionOf(event.type),
    };
    const seal = sealMetadata({ id, stream: envelope.stream, revision, type: event.type, data }, metadata);
    chainHash = seal.hash;
    bytes += Buffer.byteLength(data) + Buffer.byteLength(seal.text);
    sealed.push({ id, type: event.type, data, metadata: seal.text });
  }
  return { events: sealed, bytes, tip: { revision, chainHash } };
}
