import type { HttpRequest } from '../http-spec';
import { apiOperations } from './api-operations';
import type { Operation } from './api-operations';

/** Queries that may be told from which position on they are to be read. */
export const positionedQueries: readonly Operation[] = apiOperations.filter(({ parameters = [] }) =>
  parameters.some(({ name }) => name === 'Ledger-Min-Position'),
);

const ids: Readonly<Record<string, string>> = {
  address: 'equity',
  transaction: 'txn_x',
  close: 'pcl_x',
  event: 'evt_x',
  sandbox: 'sbx_x',
  endpoint: 'we_x',
  delivery: 'msg_x',
  replay: 'rpl_x',
  payment: 'pay_x',
  refund: 're_x',
  line: 'bt_x',
  payout: 'po_x',
  payoutBatch: 'pob_x',
  dispute: 'dp_x',
  account: 'acct_x',
  bankLine: 'bsl_x',
  statement: 'bst_x',
  customer: 'cus_x',
  subject: 'sub_x',
  method: 'pm_x',
  rule: 'spr_x',
  split: 'spl_x',
  rate: 'fxr_x',
  quote: 'fxq_x',
  conversion: 'fxc_x',
};

/** A query that is asked for what there is not, of a ledger that there is. */
export function sampleQuery(
  { path, parameters = [] }: Operation,
  ledger: string,
  headers: NonNullable<HttpRequest['headers']> = {},
): HttpRequest {
  const transfer = path.startsWith('/v1/transfers') ? 'tr_x' : 'lt_x';
  const of = { ...ids, ledger, transfer } as Readonly<Record<string, string>>;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => of[name] ?? `x_${name}`);
  const needed = parameters.filter((one) => one.in === 'query' && one.required === true);
  const query = needed.map(({ name }) => `${name}=${name === 'amount' ? 1 : 0}`).join('&');
  return { method: 'GET', path: query === '' ? filled : `${filled}?${query}`, headers };
}

const ofPayments =
  /^\/v1\/(payments|fx|split_rules|splits|connected_accounts|transfers|customers|payment_methods|refunds|payouts|payout_batches|payout_schedule|disputes|negative_balances|balance|balance_transactions|bank_accounts|bank_statements|bank_statement_lines|reconciliation)(\/|$)/;
const ofAll = /^\/v1\/(events|audit_log|ledger_transfers)(\/|$)/;

/** What a query reads: the ledger in its path, the payments ledger, the organization, or that with all its ledgers. */
export function whatIsRead({ path }: Operation): 'ledger' | 'payments' | 'organization' | 'all' {
  if (path.includes('{ledger}/')) return 'ledger';
  if (ofPayments.test(path)) return 'payments';
  return ofAll.test(path) ? 'all' : 'organization';
}
