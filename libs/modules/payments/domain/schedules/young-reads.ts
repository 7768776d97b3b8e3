import { remembered } from '@fintech-ledger/contract';
import { accountKey } from '@fintech-ledger/ledger/domain';
import { bucketOf } from '../chart';
import { youngMoneyKey } from './young-slots';

const prefix = accountKey('');
/** By the key of an account; asked for with each command. */
const readsBeside = remembered(10_000, (key: string): readonly string[] => {
  const address = key.slice(prefix.length);
  const of = bucketOf(address);
  if (of?.bucket !== 'available' && of?.bucket !== 'pending') return [];
  const currency = address.slice(address.lastIndexOf(':') + 1);
  return [youngMoneyKey(of.owner, currency)];
});

/** With what may be young of all whose accounts are booked on. */
export const withYoung = (keys: readonly string[]): readonly string[] => [
  ...new Set(keys.flatMap((key) => (key.startsWith(prefix) ? [key, ...readsBeside(key)] : [key]))),
];
