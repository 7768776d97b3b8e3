import { joinedDomain } from '@fintech-ledger/journal';
import type {
  AnyJoinable,
  AnyPart,
  Decision,
  DomainEvent,
  DomainRecord,
  RecordView,
} from '@fintech-ledger/journal';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { accountKey, ledgerEvents, postedBalance } from '@fintech-ledger/ledger/domain';
import type { AccountRecord, LedgerCommand } from '@fintech-ledger/ledger/domain';
import { ledgerTransfersPart } from '@fintech-ledger/ledger-transfers';
import { ledgerTransferEvents } from '@fintech-ledger/ledger-transfers/domain';
import type { LedgerTransferCommand } from '@fintech-ledger/ledger-transfers/domain';
import { deepFreeze } from '../deep-freeze';
import { LoadedView } from '../loaded-view';

/** The journals of ledgers that money is moved between, without any other module. */
export const transfersDomain = joinedDomain(
  ledgerEvents.with(ledgerTransferEvents),
  { 'ledger-transfers': ledgerTransfersPart as AnyPart },
  ledgerDomain as AnyJoinable,
);

/** The journal of one ledger in memory: its state, as the writer would have it. Ids carry revisions. */
export class TransfersJournal {
  readonly records = new Map<string, DomainRecord>();
  readonly events: DomainEvent[] = [];
  now = '2026-01-05T12:00:00.000Z';

  constructor(readonly ledger: string) {}

  /** Decides and applies; nothing where it is refused. */
  submit(command: LedgerCommand | LedgerTransferCommand): Decision<DomainEvent> {
    const read = LoadedView.forCommand(this.records, command, transfersDomain.reads);
    const newId = (prefix: string, index: number) => `${prefix}_${this.ledger}_${this.events.length + index}`;
    const context = { now: this.now, organizationId: 'org_1', newId };
    const decision = transfersDomain.decide(read, deepFreeze(command), context);
    if (decision.kind === 'decided')
      for (const event of decision.events)
        this.fold(event, read.folding(transfersDomain.events.touches(event)));
    return decision;
  }

  /** @throws BrokenInvariant when the event contradicts the state */
  private fold(event: DomainEvent, view: RecordView<DomainRecord>): void {
    const at = { stream: `journal-${this.ledger}`, revision: this.events.length, recordedAt: this.now };
    for (const { key, record } of transfersDomain.evolve(view, deepFreeze(event), at))
      this.records.set(key, deepFreeze(record));
    this.events.push(event);
  }

  /** In the account's normal direction; 0: nothing was booked on it. */
  balance(address: string): bigint {
    const account = this.records.get(accountKey(address)) as AccountRecord | undefined;
    return account === undefined ? 0n : postedBalance(account.type, account);
  }
}
