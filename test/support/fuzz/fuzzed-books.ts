import fc from 'fast-check';
import { HttpSpec } from '../http-spec';
import type { HttpAnswer, HttpRequest } from '../http-spec';
import type { Pool } from './schema-values';

const accounts = ['assets:cash', 'assets:bank', 'revenue:sales', 'liabilities:a', 'liabilities:b', 'equity'];
const probes = ['probe:debit', 'probe:credit'];

/** A ledger with accounts, transactions, holds and API keys for fuzzed requests to name. */
export class FuzzedBooks {
  private constructor(
    readonly url: string,
    readonly http: HttpSpec,
    readonly ledger: string,
    readonly organization: string,
    readonly paymentsLedger: string,
    readonly pool: Pool,
  ) {}

  static async make(url: string, apiKey: string): Promise<FuzzedBooks> {
    const http = new HttpSpec(url, apiKey, '');
    const accept = async (sent: HttpRequest): Promise<HttpAnswer> => http.when(sent).thenAccepted();
    const made = await accept({ path: '/v1/ledgers', body: { name: 'fuzzed' } });
    const ledger = String(made.json['id']);
    const at = `/v1/ledgers/${ledger}`;
    await accept({ path: '/v1/units', body: { code: 'POINTS', exponent: 0, name: 'Points' } });
    for (const address of [...accounts, ...probes]) {
      await accept({ path: `${at}/accounts`, body: { address, type: 'asset', currency: 'USD' } });
    }
    const transactions: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      const [debit_account, credit_account] = [accounts[count % 3], accounts[3 + (count % 3)]];
      const terms = {
        debit_account,
        credit_account,
        amount: '1000',
        currency: 'USD',
        pending: count % 2 === 0,
      };
      transactions.push(String((await accept({ path: `${at}/transfers`, body: terms })).json['id']));
    }
    const apiKeys: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      const answer = await accept({ path: '/v1/api_keys', body: { name, scopes: ['ledger:read'] } });
      apiKeys.push(String(answer.json['id']));
    }
    const sandbox = await accept({ path: '/v1/sandboxes', body: { name: 'fuzzed' } });
    const sandboxes = [String(sandbox.json['id'])];
    // It is made at its first use: here before anything is looked at.
    const payments = await accept({ method: 'GET', path: '/v1/payments_ledger' });
    const told = await http.when({ method: 'GET', path: '/v1/events?limit=100' }).thenAccepted();
    const events = (told.json['data'] as { id: string }[]).map(({ id }) => id);
    const [organization = ''] = String(made.headers['ledger-position']).split('@');
    return new FuzzedBooks(
      url,
      http,
      ledger,
      organization,
      String(payments.json['id']),
      poolOf({ ledger, organization, transactions, apiKeys, sandboxes, events }),
    );
  }

  /** Where the journals stand, as the writer itself knows it. */
  async position(): Promise<string> {
    const [debit_account, credit_account] = probes;
    const transfer = { debit_account, credit_account, amount: '1', currency: 'USD' };
    const answers = await Promise.all([
      this.http
        .when({ path: `/v1/ledgers/${this.ledger}/transfers?dry_run=true`, body: transfer })
        .thenAccepted(),
      this.http.when({ path: '/v1/ledgers?dry_run=true', body: { name: 'probe' } }).thenAccepted(),
    ]);
    return answers.map(({ json }) => String(json['position'])).join(' ');
  }
}

interface Ids {
  readonly ledger: string;
  readonly organization: string;
  readonly transactions: readonly string[];
  readonly apiKeys: readonly string[];
  readonly sandboxes: readonly string[];
  readonly events: readonly string[];
}

function poolOf({ ledger, organization, transactions, apiKeys, sandboxes, events }: Ids): Pool {
  const address = fc.constantFrom(...accounts, ...accounts, 'unknown', 'new:one', 'new:two');
  const amount = fc.constantFrom('1', '10', '1000', '1001', '9'.repeat(36));
  const currency = fc.constantFrom('USD', 'USD', 'USD', 'USD', 'EUR', 'POINTS', 'ZZZ', 'DEM');
  const entry = (account: string, direction: string, of: string) => ({
    account,
    direction,
    amount: of,
    currency: 'USD',
  });
  const entries = fc
    .tuple(fc.constantFrom(...accounts), fc.constantFrom(...accounts), amount)
    .map(([debit, credit, of]) => [entry(debit, 'debit', of), entry(credit, 'credit', of)]);
  const position = fc.constantFrom(`${ledger}@0`, `${ledger}@20`, `${organization}@0`, `${ledger}@-1`);
  const csv = fc.array(fc.tuple(fc.nat(3), address, fc.constantFrom('1', '-1', '1.25', 'x', ''), currency), {
    maxLength: 6,
  });
  const line = fc.constantFrom('{}', '', 'x', '{"object":"export"}', '{"type":"TransactionPosted"}', '[]');
  return {
    ledger: fc.oneof(
      { weight: 19, arbitrary: fc.constant(ledger) },
      { weight: 1, arbitrary: fc.constant('led_x') },
    ),
    transaction: fc.constantFrom(...transactions),
    apiKey: fc.constantFrom(...apiKeys),
    sandbox: fc.constantFrom(...sandboxes, 'sbx_x'),
    event: fc.constantFrom(...events),
    object: fc.constantFrom(...transactions, ...apiKeys, ledger, ...accounts),
    address,
    account: address,
    debit_account: address,
    credit_account: address,
    amount,
    currency,
    code: fc.constantFrom('POINTS', 'HOURS', 'USD'),
    entries,
    min_balance: fc.constantFrom(null, null, '0', '-100000'),
    max_balance: fc.constantFrom(null, null, '1000000'),
    prefix: fc.constantFrom('', 'assets', 'assets:', 'x'),
    as_of: fc.oneof(position, fc.constantFrom('2026-01-01T00:00:00Z', '2100-01-01T00:00:00.000Z')),
    dry_run: fc.constantFrom(false, false, true),
    columns: fc.constant('transaction=t,date=d,account=a,amount=n,unit=u'),
    units: fc.constantFrom('USD=USD', 'X=POINTS'),
    'text/csv': csv.map((rows) =>
      ['t,d,a,n,u', ...rows.map(([t, a, n, u]) => `${t},2026-01-0${t + 1},${a},${n},${u}`)].join('\n'),
    ),
    'application/x-ndjson': fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n')),
    'Idempotency-Key': fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom('a', 'b', 'c') },
      { weight: 9, arbitrary: fc.uuid() },
    ),
    'Ledger-Min-Position': fc.oneof(position, fc.constantFrom('led_x@7', 'org_x@7')),
  };
}
