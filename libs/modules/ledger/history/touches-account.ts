/**
 * Whether an event's data (a JSON text) is about this account. An address needs no escaping in JSON, so the text is searched first and parsed
 * only when the address occurs in it.
 */
export function touchesAccount(data: string, address: string): boolean {
  if (!data.includes(`"${address}"`)) return false;
  const { account, entries } = JSON.parse(data) as {
    account?: { address?: unknown };
    entries?: readonly { account?: unknown }[];
  };
  return account?.address === address || entries?.some((entry) => entry.account === address) === true;
}
