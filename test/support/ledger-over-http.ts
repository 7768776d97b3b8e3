import { findCurrency } from '@fintech-ledger/ledger/domain';
import type { AccountView, TrialBalanceView } from '@fintech-ledger/ledger';
import type { UnitView } from '@fintech-ledger/access/domain';
import { formatMinor } from '@fintech-ledger/books/formats';
import type { ImportSummary } from '@fintech-ledger/books/formats';
import { balancesOf } from './book-tools';
import type { Balances } from './book-tools';
import type { RunningStandalone } from './running-standalone';
import { documentedFetch } from './documented-fetch';

interface List<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

/** A ledger of a running server, as a client sees it. */
export class LedgerOverHttp {
  private constructor(
    private readonly server: RunningStandalone,
    readonly id: string,
  ) {}

  static async create(server: RunningStandalone, name: string): Promise<LedgerOverHttp> {
    const answer = await documentedFetch(`${server.url}/v1/ledgers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    return new LedgerOverHttp(server, ((await answer.json()) as { id: string }).id);
  }

  fetch(path: string, options: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.server.apiKey}`, ...options.headers };
    return documentedFetch(`${this.server.url}${path}`, { ...options, headers });
  }

  /** A query that sees all that was written before. */
  async get<T>(path: string): Promise<T> {
    const events = await this.fetch(`/v1/ledgers/${this.id}/events?limit=1`);
    const position = events.headers.get('ledger-position') ?? '';
    const answer = await this.fetch(path, { headers: { 'ledger-min-position': position } });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  post(
    path: string,
    body: string | object,
    contentType = 'application/json',
    accept = '*/*',
  ): Promise<Response> {
    return this.fetch(`/v1/ledgers/${this.id}${path}`, {
      method: 'POST',
      headers: { 'content-type': contentType, accept },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async importCsv(csv: string, columns?: string): Promise<ImportSummary> {
    const query = columns === undefined ? '' : `?${new URLSearchParams({ columns })}`;
    return this.summaryOf(await this.post(`/imports${query}`, csv, 'text/csv'));
  }
  async importNdjson(text: string): Promise<ImportSummary> {
    return this.summaryOf(await this.post('/imports', text, 'application/x-ndjson'));
  }

  async export(format: string): Promise<string> {
    const answer = await this.fetch(`/v1/ledgers/${this.id}/export?format=${format}`);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.text();
  }

  /** Posted balances, debits less credits, under the names of the source. */
  async balances(): Promise<Balances> {
    const names = new Map<string, AccountView>();
    for (const account of await this.all<AccountView>(`/v1/ledgers/${this.id}/accounts`)) {
      names.set(account.address, account);
    }
    const lines = await this.trialBalance();
    // Last: a unit is declared before it is used, so whoever sees the balances sees the unit.
    const exponents = new Map<string, number>();
    for (const { code, exponent } of await this.all<UnitView>('/v1/units', false))
      exponents.set(code, exponent);
    return balancesOf(
      lines.map(({ account, currency, debits, credits }) => {
        const metadata = names.get(account)?.metadata ?? {};
        const exponent = findCurrency(currency)?.exponent ?? exponents.get(currency) ?? 0;
        return [
          metadata['source_account'] ?? account,
          metadata['source_unit'] ?? currency,
          formatMinor(BigInt(debits) - BigInt(credits), exponent),
        ];
      }),
    );
  }

  trialBalance(): Promise<TrialBalanceView['data'][number][]> {
    return this.all(`/v1/ledgers/${this.id}/trial-balance`);
  }

  async all<T>(path: string, isOfLedger = true): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string = `?limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: List<T> = isOfLedger
        ? await this.get<List<T>>(path + query)
        : ((await (await this.fetch(path + query)).json()) as List<T>);
      items.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return items;
  }

  private async summaryOf(answer: Response): Promise<ImportSummary> {
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as ImportSummary;
  }
}
