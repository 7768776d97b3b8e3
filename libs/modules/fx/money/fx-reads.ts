import { parseTime } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { journalStream } from '@fintech-ledger/envelope';
import type { EventMetadata } from '@fintech-ledger/envelope';
import { revision as asRevision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import {
  fxHistoryType,
  fxRateNotFound,
  showConversion,
  showQuote,
  showRate,
  valueExposure,
} from '@fintech-ledger/fx/domain';
import type {
  ConversionFacts,
  ConversionView,
  ExposureView,
  FxEvent,
  QuoteFacts,
  QuoteView,
  RateFacts,
  RateView,
} from '@fintech-ledger/fx/domain';
import { ApiProblem, isLive, principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { objectHistory } from '@fintech-ledger/ledger';
import type { ObjectHistoryPage } from '@fintech-ledger/ledger/domain';
import { noPage, positioned, whyNone } from '@fintech-ledger/payments/nest';
import type { PaymentsLedgers, PaymentsReader, Positioned, Read } from '@fintech-ledger/payments/nest';
import { found, ReadModelBehind } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, PageRequest, Stored } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { FxFacts } from '../read-model/project';
import type {
  ConversionFilter,
  FxQueries,
  Moment,
  QuoteFilter,
  RateFilter,
  StoredExposure,
} from '../read-model/queries';

type Exposed = StoredExposure & { readonly at: Moment };

/** Reads money between currencies, no older than its reader asked for, or than this process has acknowledged. */
export class FxReads {
  constructor(
    private readonly queries: FxQueries,
    private readonly reader: PaymentsReader,
    private readonly ledgers: PaymentsLedgers,
    private readonly store: Pick<EventStore, 'readStream'>,
  ) {}

  /** @throws Refused where there is no such object */
  async object(request: ApiRequest, id: string, refusal: DeclaredRefusal): Promise<Read<object>> {
    const { result, ...at } = await this.stored(request, id, refusal);
    return { ...at, result: positioned(at.ledgerId, result, viewOf(result.facts)) };
  }

  /** @throws Refused where there is no such object */
  async history(
    request: ApiRequest,
    id: string,
    page: PageRequest,
    refusal: DeclaredRefusal,
  ): Promise<Read<ObjectHistoryPage>> {
    const { ledgerId } = await this.stored(request, id, refusal);
    const { result, revision } = await this.queries.history(ledgerId, id, page);
    const of = { store: this.store, ledgerId, limit: page.limit, show: viewOf, nameOf };
    return { ledgerId, revision, result: await objectHistory(result, of) };
  }

  /** With `as_of` those that are in force then, of each pair one. */
  rates(
    request: ApiRequest,
    filter: RateFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<RateView>>>> {
    const read = async (ledgerId: string, asOf?: AsOf): Promise<At<PageOf<Stored<RateFacts>>>> => {
      const inForce = asOf && (await this.momentOf(ledgerId, asOf));
      return this.queries.rates(ledgerId, { ...filter, ...(inForce && { inForce }) }, page);
    };
    return this.page(request, read, showRate);
  }

  quotes(
    request: ApiRequest,
    filter: QuoteFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<QuoteView>>>> {
    const read = (ledgerId: string): Promise<At<PageOf<Stored<QuoteFacts>>>> =>
      this.queries.quotes(ledgerId, filter, page);
    return this.page(request, read, showQuote);
  }

  conversions(
    request: ApiRequest,
    filter: ConversionFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<ConversionView>>>> {
    const read = (ledgerId: string): Promise<At<PageOf<Stored<ConversionFacts>>>> =>
      this.queries.conversions(ledgerId, filter, page);
    return this.page(request, read, showConversion);
  }

  /** @throws ApiProblem `rate_not_found` no rate leads to the reporting currency */
  async exposure(request: ApiRequest, reportingCurrency: string | null): Promise<Read<ExposureView>> {
    const principal = principalOf(request);
    const { organizationId } = principal;
    const now = async (): Promise<Moment> => ({
      timeMs: Date.parse(await this.ledgers.timeOf(organizationId, request.id)),
    });
    const of = async (ledgerId: string, asOf?: AsOf): Promise<At<Exposed | null>> => {
      const at = asOf === undefined ? await now() : await this.momentOf(ledgerId, asOf);
      const { result, revision } = await this.queries.exposure(ledgerId, at, reportingCurrency);
      return { revision, result: { at, ...result } };
    };
    const { result, ...read } = await this.reader.read(request, of, null);
    // As of a position nothing had been dealt at, it is valued now.
    const asked = parseTime((request.query as { readonly as_of?: string }).as_of ?? '');
    const none = async () => ({
      at: asked === undefined ? await now() : { timeMs: Date.parse(asked) },
      ...{ positions: [], rates: [] },
    });
    const { at, positions, rates } = result ?? (await none());
    const valued = valueExposure({
      asOf: new Date(at.timeMs).toISOString(),
      livemode: isLive(principal),
      ...{ positions, rates, reportingCurrency },
    });
    if (!('from' in valued)) return { ...read, result: valued };
    const detail = `No rate of ${valued.from} and ${reportingCurrency} is in force then.`;
    throw new ApiProblem(fxRateNotFound, detail, { param: '/reporting_currency' });
  }

  /** At a position it is what time the environment had when the event was decided. */
  private async momentOf(ledgerId: string, asOf: AsOf): Promise<Moment> {
    if (!('revision' in asOf)) return { timeMs: Date.parse(asOf.time) };
    const { revision } = asOf;
    // Before the first event nothing was in force.
    if (revision < 0) return { revision, timeMs: 0 };
    const from = asRevision(revision);
    const [event] = await this.store.readStream(journalStream(ledgerId), { from, limit: 1 });
    if (event === undefined)
      throw new ReadModelBehind(1, `The event ${ledgerId}@${revision} can't be read now.`);
    const { decidedAt, recordedAt } = JSON.parse(event.metadata) as EventMetadata;
    return { revision, timeMs: Date.parse(decidedAt ?? recordedAt) };
  }

  private async page<F extends FxFacts, V extends object>(
    request: ApiRequest,
    read: (ledgerId: string, asOf?: AsOf) => Promise<At<PageOf<Stored<F>>>>,
    show: (facts: F) => V,
  ): Promise<Read<PageOf<Positioned<V>>>> {
    const { ledgerId, revision, result } = await this.reader.read(request, read, noPage);
    const data = result.data.map((each) => positioned(ledgerId, each, show(each.facts)));
    return { ledgerId, revision, result: { ...result, data } };
  }

  private async stored(
    request: ApiRequest,
    id: string,
    refusal: DeclaredRefusal,
  ): Promise<Read<Stored<FxFacts>>> {
    const read = (ledgerId: string, asOf?: AsOf) => this.queries.object(ledgerId, id, asOf);
    const { ledgerId, ...answer } = await this.reader.read(request, read, null);
    return { ledgerId, ...found(answer, refusal, whyNone(request, id)) };
  }
}

const nameOf = (type: string): string => fxHistoryType(type as FxEvent['type']);

function viewOf(facts: FxFacts): object {
  if ('bid' in facts) return showRate(facts);
  return 'expiresAt' in facts ? showQuote(facts) : showConversion(facts);
}
