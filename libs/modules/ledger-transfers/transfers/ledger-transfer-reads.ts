import { journalStream } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { asOfQuery } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import {
  ledgerTransferNotFound,
  showLedgerTransfer,
  transferHistoryType,
} from '@fintech-ledger/ledger-transfers/domain';
import type { LedgerTransferEvent, LedgerTransferView } from '@fintech-ledger/ledger-transfers/domain';
import { objectHistory } from '@fintech-ledger/ledger';
import type { ObjectHistoryPage } from '@fintech-ledger/ledger/domain';
import { found, minPositionWaitMs, ReadModelBehind, refusedQuery } from '@fintech-ledger/projection-runtime';
import type { At, PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { LedgerTransferQueries, StoredTransfer, TransferFilter } from '../read-model/queries';
import type { Asked, TransferSight } from './transfer-sight';

type Positioned = LedgerTransferView & { readonly position: string };
/** An answer, and the ledger that it was read at. */
interface Read<T> extends At<T> {
  readonly ledgerId: string;
}

/** Reads transfers, no older than their reader asked for, or than what this process has acknowledged. */
export class LedgerTransferReads {
  constructor(
    private readonly queries: LedgerTransferQueries,
    private readonly sight: TransferSight,
    private readonly store: Pick<EventStore, 'readStream'>,
  ) {}

  /** The ledger that a transfer has left which a command names. @throws Refused `ledger_transfer_not_found` */
  async ledgerToChange(request: ApiRequest, id: string): Promise<string> {
    return this.ledgerReached(this.sight.askedByCommand(request), id);
  }

  /** The ledger that a transfer has left, read as far as its reader may expect. */
  private async ledgerReached(asked: Asked, id: string): Promise<string> {
    const { organizationId } = asked;
    let ledgerId = await this.queries.ledgerOf(organizationId, id);
    if (ledgerId === undefined) {
      await this.sight.reachAll(asked);
      ledgerId = await this.queries.ledgerOf(organizationId, id);
    }
    if (ledgerId === undefined) throw refusedQuery(ledgerTransferNotFound, `There is no transfer ${id}.`);
    await this.sight.reach(asked, [ledgerId]);
    return ledgerId;
  }

  /** @throws Refused `ledger_transfer_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async transfer(request: ApiRequest, id: string): Promise<Read<Positioned>> {
    const ledgerId = await this.ledgerReached(await this.sight.asked(request), id);
    const asOf = asOfQuery(request.query as { readonly as_of?: string }, ledgerId);
    if (asOf !== undefined && 'revision' in asOf) await this.wait(ledgerId, asOf.revision);
    const when = asOf === undefined ? '' : ' at that time';
    const read = await this.queries.transfer(ledgerId, id, asOf);
    const { result, revision } = found(read, ledgerTransferNotFound, `There is no transfer ${id}${when}.`);
    return { ledgerId, revision, result: positioned({ ledgerId, ...result }) };
  }

  async transfers(
    request: ApiRequest,
    filter: TransferFilter,
    page: PageRequest,
  ): Promise<At<PageOf<Positioned>>> {
    const asked = await this.sight.asked(request);
    const read = (): Promise<At<PageOf<StoredTransfer>>> =>
      this.queries.transfers(asked.organizationId, filter, page);
    const { fromLedger } = filter;
    if (fromLedger === undefined) await this.sight.reachWritten(asked);
    else await this.sight.reach(asked, [fromLedger]);
    const first = await read();
    // Other read models may have more of the ledgers on the page than was there to be read.
    const isReadAgain =
      fromLedger === undefined &&
      !asked.isEventual &&
      (await this.sight.reach(asked, [...new Set(first.result.data.map(({ ledgerId }) => ledgerId))]));
    const { result, revision } = isReadAgain ? await read() : first;
    return { revision, result: { ...result, data: result.data.map(positioned) } };
  }

  /** @throws Refused `ledger_transfer_not_found` */
  async history(request: ApiRequest, id: string, page: PageRequest): Promise<Read<ObjectHistoryPage>> {
    const ledgerId = await this.ledgerReached(await this.sight.asked(request), id);
    const { result, revision } = await this.queries.history(ledgerId, id, page);
    const of = { store: this.store, ledgerId, limit: page.limit, show: showLedgerTransfer, nameOf };
    return { ledgerId, revision, result: await objectHistory(result, of) };
  }

  private async wait(ledgerId: string, revision: number): Promise<void> {
    if (await this.queries.waitFor(journalStream(ledgerId), revision, minPositionWaitMs)) return;
    throw new ReadModelBehind(1, `The transfers have not reached ${ledgerId}@${revision} yet.`);
  }
}

const nameOf = (type: string): string => transferHistoryType(type as LedgerTransferEvent['type']);

function positioned({ facts, ledgerId, revision }: StoredTransfer): Positioned {
  return { ...showLedgerTransfer(facts), position: `${ledgerId}@${revision}` };
}
