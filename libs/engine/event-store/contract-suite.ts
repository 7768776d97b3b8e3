import { appendContract } from './contract/append-contract';
import { boundsContract } from './contract/bounds-contract';
import { concurrencyContract } from './contract/concurrency-contract';
import { damageContract } from './contract/damage-contract';
import { limitsContract } from './contract/limits-contract';
import { manyStreamsContract } from './contract/many-streams-contract';
import { logContract } from './contract/log-contract';
import { readContract } from './contract/read-contract';
import { passedContract, subscriptionContract } from './contract/subscription-contract';
import type { ContractSubject } from './contract/contract-subject';

/**
 * Every promise of the event store port, as tests. An adapter's spec calls it once; the tests use streams of their own, so the
 * store may be shared and need not be empty.
 */
export function describeEventStoreContract(name: string, subject: ContractSubject): void {
  describe(`event store contract: ${name}`, () => {
    appendContract(subject);
    limitsContract(subject);
    readContract(subject);
    subscriptionContract(subject);
    passedContract(subject);
    boundsContract(subject);
    logContract(subject);
    damageContract(subject);
    concurrencyContract(subject);
    manyStreamsContract(subject);
  });
}
