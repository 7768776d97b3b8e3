import type { CommandEnvelope } from '@fintech-ledger/journal';
import { transactionKey } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { seededRandom } from '@fintech-ledger/testing';
import fc from 'fast-check';
import { hash } from 'node:crypto';
import { commandFor, firstAccounts } from '../../../libs/testing/ledger/command-for';
import { intents } from '../../../libs/testing/ledger/ledger-intents';
import type { Intent } from '../../../libs/testing/ledger/ledger-intents';
import { JournalAudit } from '../../../libs/testing/simulation';

/** Commands that are sent at once, at most: in the writer they meet each other's events before these are stored. */
const groupMax = 40;

/**
 * What the clients of one ledger send, as a seed says: everything that can be asked of it, much of it wrong, some of it again, under a key that is
 * taken, without a key, or as a dry run. What comes next depends on the journal, which is audited on the way.
 */
export class RandomClient {
  readonly audit = new JournalAudit();
  readonly stream: string;
  nowMs = Date.parse('2026-01-01T00:00:00.000Z');
  private readonly random: () => number;
  private readonly intents: readonly Intent[];
  /** One by one, because a writer that is still being loaded does not keep the order of those who wait for it. */
  private readonly opening = firstAccounts();
  private readonly withKey: CommandEnvelope<LedgerCommand>[] = [];
  private sent = 0;

  constructor(
    ledgerId: string,
    private readonly organizationId: string,
    seed: number,
    private readonly commands: number,
  ) {
    this.stream = `journal-${ledgerId}`;
    this.random = seededRandom(seed);
    this.intents = fc.sample(intents(commands), { seed, numRuns: 1 })[0] ?? [];
  }

  /** The next commands, which go out together; none at the end. Moves the clock. */
  next(): readonly CommandEnvelope<LedgerCommand>[] {
    const opening = this.opening[this.sent];
    if (opening !== undefined) {
      this.sent += 1;
      return [this.envelope(opening)];
    }
    const size = Math.min(this.random() < 0.3 ? 1 : 1 + this.among(groupMax), this.commands - this.sent);
    const group: CommandEnvelope<LedgerCommand>[] = [];
    for (let i = 0; i < size; i += 1) {
      const intent = this.intents[this.sent];
      if (intent === undefined) break;
      if (i === 0) this.nowMs += intent.elapsedSeconds * 1_000 + this.among(1_000);
      this.sent += 1;
      const command = commandFor(intent, this.audit.ledger, new Date(this.nowMs).toISOString());
      if (command !== undefined) group.push(this.envelope(command));
    }
    return group;
  }

  /** An administrator's reversal may leave an account outside of its bounds. */
  excuse(envelopes: readonly CommandEnvelope<LedgerCommand>[]): void {
    for (const { command } of envelopes) {
      if (command.type !== 'ReverseTransaction' || command.allowOverdraft !== true) continue;
      const record = this.audit.ledger.get(transactionKey(command.transactionId));
      if (record?.kind === 'transaction')
        this.audit.excuse(record.snapshot.lines.map(({ account }) => account));
    }
  }

  private envelope(command: LedgerCommand): CommandEnvelope<LedgerCommand> {
    const coin = this.random();
    const earlier = this.withKey[this.among(this.withKey.length)];
    const asked = {
      stream: this.stream,
      organizationId: this.organizationId,
      actor: `key_${this.among(3)}`,
      correlationId: `req-${this.sent}`,
      command,
      ...(this.sent % 7 === 0 ? { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } : {}),
    };
    if (coin < 0.05) return { ...asked, dryRun: true };
    if (coin < 0.15) return asked;
    if (coin < 0.2 && earlier !== undefined) return { ...earlier, correlationId: asked.correlationId };
    const idempotencyKey =
      coin < 0.22 && earlier?.idempotencyKey !== undefined ? earlier.idempotencyKey : `key-${this.sent}`;
    const requestHash = hash('sha256', JSON.stringify(command), 'hex');
    const envelope = { ...asked, idempotencyKey, requestHash };
    this.withKey.push(envelope);
    return envelope;
  }

  private among(count: number): number {
    return Math.floor(this.random() * count);
  }
}
