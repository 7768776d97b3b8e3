import type { PaymentsHttp } from './payments-http';

const person = {
  ...{ first_name: 'Jenny', last_name: 'Rosen', birth_date: '1990-01-31' },
  address: { line1: 'Hauptstrasse 1', city: 'Berlin', postal_code: '10115', country: 'DE' },
};
const given = {
  individual: person,
  bank_account: { iban: 'DE89370400440532013000', account_holder: 'Jenny Rosen' },
  tos_acceptance: { accepted: true },
};
const both = { payments: { requested: true }, payouts: { requested: true } };
export const newAccount = { type: 'individual', country: 'DE', default_currency: 'USD', capabilities: both };

/** The id of a connected account that has given all, so that its capabilities are active. */
export async function readyAccount(sandbox: PaymentsHttp, more: object = {}): Promise<string> {
  const id = String((await sandbox.post('/v1/connected_accounts', { ...newAccount, ...more }))['id']);
  await sandbox.post(`/v1/connected_accounts/${id}/requirements`, given);
  return id;
}

export const actingAs = (id: string): { readonly headers: { readonly 'connected-account': string } } => ({
  headers: { 'connected-account': id },
});
