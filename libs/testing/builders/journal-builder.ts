import type { Refusal } from '@fintech-ledger/contract';
import { canonicalJson, eventIds, genesisHash, journalStream, sealMetadata } from '@fintech-ledger/envelope';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { decide, effectiveAtOf, ledgerEvents } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand, LedgerEvent } from '@fintech-ledger/ledger/domain';
import { InMemoryLedger } from '../ledger/in-memory-ledger';

/**
 * Writes a ledger's journal in memory through the real `decide` and `evolve`: canonical, chained events, as they are recorded.
 * Transaction ids are `txn_<revision>_<ledger>`, so tests can name them.
 */
export class JournalBuilder {
  readonly ledger = new InMemoryLedger();
  readonly recorded: RecordedEvent[] = [];
  private chainHash = genesisHash;

  constructor(
    readonly ledgerId: string,
    private readonly organizationId = 'org_test',
  ) {}

  /**
   * Records what the command decides, at `recordedAt`. Returns the new events, or the refusal.
   * @param now by the clock of a sandbox
   */
  submit(command: LedgerCommand, recordedAt: string, now = recordedAt): readonly RecordedEvent[] | Refusal {
    const first = this.recorded.length;
    const decision = decide(this.ledger, command, {
      now,
      newId: (prefix, index) => `${prefix}_${String(first + index).padStart(9, '0')}_${this.ledgerId}`,
    });
    if (decision.kind === 'refused') return decision.refusal;
    return decision.events.map((event, index) =>
      this.record(event, { recordedAt, now }, index, decision.events.length),
    );
  }

  private record(
    event: LedgerEvent,
    { recordedAt, now }: { readonly recordedAt: string; readonly now: string },
    commandIndex: number,
    commandSize: number,
  ): RecordedEvent {
    this.ledger.apply(event);
    const stream = journalStream(this.ledgerId);
    const at = this.recorded.length;
    const data = canonicalJson(event.data);
    const id = eventIds(stream, `test-${at - commandIndex}`)(commandIndex);
    const effectiveAt = effectiveAtOf(event, now);
    const seal = sealMetadata(
      { id, stream, revision: at, type: event.type, data },
      {
        $correlationId: 'test',
        actor: 'key_test',
        commandIndex,
        commandSize,
        decidedAt: now === recordedAt ? undefined : now,
        effectiveAt,
        organizationId: this.organizationId,
        previousHash: this.chainHash,
        recordedAt,
        version: ledgerEvents.versionOf(event.type),
      },
    );
    this.chainHash = seal.hash;
    const recorded: RecordedEvent = {
      id,
      type: event.type,
      data,
      metadata: seal.text,
      stream,
      revision: revision(at),
      position: globalPosition(String(at)),
    };
    this.recorded.push(recorded);
    return recorded;
  }
}
