import { ChainVerifier } from '@fintech-ledger/books/formats';
import type { StoredEvent } from '@fintech-ledger/envelope';
import type { ExpectedHead } from './expected-head';
import { Failure } from './failure';
import { ProgressLine } from './progress-line';

/** Goes through all events of one stream. @throws Failure naming the first revision that does not hold */
export async function verifyEvents(
  events: AsyncIterable<StoredEvent>,
  name: string,
  expected?: ExpectedHead,
  onHash?: (hash: string) => void,
): Promise<ChainVerifier> {
  const verifier = new ChainVerifier();
  const progress = new ProgressLine(name === '' ? 'verifying' : `verifying ${name}`);
  try {
    for await (const event of events) {
      const broken = verifier.check(event);
      if (broken !== undefined)
        throw new Failure(`revision ${broken.revision} does not hold: ${broken.detail}`, 1);
      expected?.see(event.revision, verifier.head);
      onHash?.(verifier.head);
      progress.show(verifier.events, undefined, `revision ${event.revision}`);
    }
  } finally {
    progress.end();
  }
  expected?.check(verifier.events);
  return verifier;
}

/** What holds, in a few lines. */
export function reportOf({ events, head, totals }: ChainVerifier): string {
  const lines = [
    `${events} events hold; the last hash is ${head}${events === 0 ? '' : ` (${events - 1}:${head})`}`,
  ];
  for (const [currency, { debits, credits }] of totals)
    lines.push(`${currency}  debits ${debits}  credits ${credits}  (minor units)`);
  return lines.join('\n');
}
