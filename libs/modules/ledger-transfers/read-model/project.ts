import { ledgerTransferEvents, transitAccount } from '@fintech-ledger/ledger-transfers/domain';
import type {
  ArrivalFacts,
  LedgerTransferEvent,
  LedgerTransferFacts,
} from '@fintech-ledger/ledger-transfers/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

interface OfLedgerRow {
  readonly organizationId: string;
  readonly ledgerId: string;
  readonly id: string;
}
/** A transfer as an event left it. */
export interface TransferStateRow extends OfLedgerRow {
  readonly revision: number;
  readonly recordedMs: number;
  /** By the clock of the environment. */
  readonly effectiveMs: number;
  readonly type: string;
  readonly facts: LedgerTransferFacts;
}
/** A transfer as the last event of it left it. */
export interface TransferRow extends OfLedgerRow {
  readonly revision: number;
  readonly createdMs: number;
  readonly facts: LedgerTransferFacts;
}
/** What became of one in the ledger that it arrives in. */
export interface ArrivalRow extends OfLedgerRow {
  readonly revision: number;
  readonly isReceived: boolean;
  readonly facts: ArrivalFacts;
}
/** What was booked on the transit accounts of a ledger, in their normal direction. */
export interface TransitRow extends Omit<OfLedgerRow, 'id'> {
  readonly account: string;
  readonly currency: string;
  /** Minor units. */
  readonly booked: string;
}

export interface TransferRows {
  readonly states: readonly TransferStateRow[];
  /** Each once. */
  readonly transfers: readonly TransferRow[];
  readonly arrivals: readonly ArrivalRow[];
  /** Each once. */
  readonly transit: readonly TransitRow[];
}

const names = new Set<string>(ledgerTransferEvents.names);

/** Pure. */
export function projectLedgerTransfers(events: readonly DecodedEvent[]): TransferRows {
  const states: TransferStateRow[] = [];
  const transfers = new Map<string, TransferRow>();
  const arrivals: ArrivalRow[] = [];
  const transit = new Map<string, TransitRow>();
  for (const { owner: ledgerId, organizationId, revision, recordedMs, effectiveMs, event: any } of events) {
    if (!names.has(any.type)) continue;
    const event = any as LedgerTransferEvent;
    const { data, type } = event;
    const of = { organizationId, ledgerId };
    if ('arrival' in data) {
      const { arrival: facts } = data;
      arrivals.push({ ...of, id: facts.id, revision, isReceived: facts.transaction !== null, facts });
    } else {
      const { transfer: facts } = data;
      const { id } = facts;
      states.push({ ...of, id, revision, recordedMs, effectiveMs, type, facts });
      transfers.set(id, { ...of, id, revision, createdMs: Date.parse(facts.createdAt), facts });
    }
    for (const row of transitOf(event)) {
      const key = `${ledgerId} ${row.account}`;
      const booked = BigInt(transit.get(key)?.booked ?? '0') + BigInt(row.booked);
      transit.set(key, { ...of, ...row, booked: String(booked) });
    }
  }
  return { states, transfers: [...transfers.values()], arrivals, transit: [...transit.values()] };
}

/** What an event's own entries book on its transit account. */
function transitOf({
  data,
}: LedgerTransferEvent): readonly Pick<TransitRow, 'account' | 'booked' | 'currency'>[] {
  if (!('entries' in data)) return [];
  const { currency, side } = 'arrival' in data ? data.arrival : data.transfer;
  const { account } = transitAccount(side, currency);
  return data.entries
    .filter((entry) => entry.account === account)
    .map(({ amount, direction }) => ({
      account,
      currency,
      booked: direction === side ? amount : `-${amount}`,
    }));
}
