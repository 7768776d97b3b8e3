// Books of one organization, for requests to name.

/**
 * @param {(path: string, body?: object) => Promise<any>} ask POST with a body, GET without; what a good answer holds
 * @param {{ accounts: number, transactions: number }} size
 * @returns {Promise<import('./expensive-request.mjs').Books>}
 */
export async function openBooks(ask, size) {
  const { id: ledger } = await ask('/v1/ledgers', { name: 'neighbours' });
  const at = `/v1/ledgers/${ledger}`;
  const accounts = Array.from({ length: size.accounts }, (_, number) => `some:account:${number}`);
  for (const address of accounts)
    await ask(`${at}/accounts`, { address, type: 'liability', currency: 'USD' });
  let transaction = 'unknown';
  const atOnce = 500;
  for (let done = 0; done < size.transactions; done += atOnce) {
    const transactions = Array.from({ length: atOnce }, (_, number) => {
      const [debit, credit] = [accounts[number % size.accounts], accounts[(number + 1) % size.accounts]];
      return {
        entries: [
          { account: debit, direction: 'debit', amount: '1', currency: 'USD' },
          { account: credit, direction: 'credit', amount: '1', currency: 'USD' },
        ],
      };
    });
    const { data } = await ask(`${at}/transactions/bulk`, { atomic: true, transactions });
    transaction = data[0].id ?? data[0].transaction?.id ?? transaction;
  }
  const { id: apiKey } = await ask('/v1/api_keys', { name: 'to revoke', scopes: ['ledger:read'] });
  const { id: sandbox } = await ask('/v1/sandboxes', { name: 'neighbours' });
  return { ledger, transaction, apiKey, sandbox, accounts, moment: new Date().toISOString() };
}
