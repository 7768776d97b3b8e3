import { isRefusal } from '@fintech-ledger/contract';
import type { EventStore } from '@fintech-ledger/event-store';
import { ApiProblem } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { objectHistory } from '@fintech-ledger/ledger';
import { refundExceeded, splitInvalid, splitRuleNotFound } from '@fintech-ledger/payments/domain';
import { noPage, positioned, whyNone } from '@fintech-ledger/payments/nest';
import type { PaymentsReader, Read } from '@fintech-ledger/payments/nest';
import { found } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, CreatedWithin, PageRequest, Stored } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { previewOf, showSplitRule } from '@fintech-ledger/splits/domain';
import type { SplitPreviewView, SplitRuleFacts } from '@fintech-ledger/splits/domain';
import type { SplitQueries } from '../read-model/queries';

type StoredRule = Stored<SplitRuleFacts>;

/** Reads split rules, no older than their reader asked for, or than this process acknowledged. */
export class SplitRuleReads {
  constructor(
    private readonly queries: SplitQueries,
    private readonly reader: PaymentsReader,
    private readonly store: Pick<EventStore, 'readStream'>,
  ) {}

  /** @param version the newest by default @throws Refused `split_rule_not_found` */
  async rule(request: ApiRequest, id: string, version?: number): Promise<Read<object>> {
    const { result, ...at } = await this.stored(request, id, version);
    return { ...at, result: positioned(at.ledgerId, result, showSplitRule(result.facts)) };
  }

  /** @throws Refused `split_rule_not_found` @throws ApiProblem the amount can't be split or refunded like that */
  async preview(
    request: ApiRequest,
    id: string,
    version: number | undefined,
    amount: bigint,
    refunds: readonly bigint[],
  ): Promise<Read<SplitPreviewView>> {
    const { result, ...at } = await this.stored(request, id, version);
    const preview = previewOf(result.facts, amount, refunds);
    if (isRefusal(preview)) throw ApiProblem.ofRefusal(preview, [splitInvalid, refundExceeded]);
    return { ...at, result: preview };
  }

  async rules(request: ApiRequest, filter: CreatedWithin, page: PageRequest): Promise<Read<PageOf<object>>> {
    const read = (ledgerId: string): Promise<At<PageOf<StoredRule>>> =>
      this.queries.rules(ledgerId, filter, page);
    const { result, ...at } = await this.reader.read(request, read, noPage);
    const data = result.data.map((each) => positioned(at.ledgerId, each, showSplitRule(each.facts)));
    return { ...at, result: { ...result, data } };
  }

  /** @throws Refused `split_rule_not_found` */
  async history(request: ApiRequest, id: string, page: PageRequest): Promise<Read<PageOf<object>>> {
    const { ledgerId } = await this.stored(request, id);
    const { result, revision } = await this.queries.history(ledgerId, id, page);
    const of = { store: this.store, ledgerId, limit: page.limit, show: showSplitRule, nameOf };
    return { ledgerId, revision, result: await objectHistory(result, of) };
  }

  private async stored(request: ApiRequest, id: string, version?: number): Promise<Read<StoredRule>> {
    const read = async (ledgerId: string, asOf?: AsOf): Promise<At<StoredRule | null>> => {
      const newest = await this.queries.object(ledgerId, id, asOf);
      const { result } = newest;
      if (version === undefined || result === null || result.facts.version === version) return newest;
      // One that was not made yet at that time is none.
      return version > result.facts.version
        ? { ...newest, result: null }
        : this.queries.version(ledgerId, id, version);
    };
    const { ledgerId, ...answer } = await this.reader.read(request, read, null);
    const what = version === undefined ? id : `version ${version} of ${id}`;
    return { ledgerId, ...found(answer, splitRuleNotFound, whyNone(request, what)) };
  }
}

/** What events are called in a history. */
const nameOf = (type: string): string => `split_rule.${type.slice('SplitRule'.length).toLowerCase()}`;
