import type { ApiLog, ApiRequest, SealedMetadata } from '@fintech-ledger/http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WriteToLedger } from '../../journal/write-to-ledger.handler';
import type { BodyLine } from './body-lines';
import { LinePoster } from './line-poster';

const request = {
  headers: {},
  id: 'req_1',
  params: { ledger: 'led_1' },
  principal: { apiKeyId: 'key_1', organizationId: 'org_1', scopes: ['*'] },
  query: {},
} as unknown as ApiRequest;

function line(number: number): BodyLine {
  const entry = (account: string, direction: string) => ({
    account,
    direction,
    amount: '1',
    currency: 'USD',
  });
  const entries = [entry('a', 'debit'), entry('b', 'credit')];
  const bytes = Buffer.from(JSON.stringify({ description: String(number), entries }));
  return { bytes, number, size: bytes.length };
}

describe('LinePoster', () => {
  it('hands the first line alone to a writer that is still to be found, and the others in their order', async () => {
    const arrived: string[] = [];
    let [sent, isFound] = [0, false];
    // Until a writer is found each command looks for it on its own, those that were sent first for longest.
    const execute = async ({ command }: WriteToLedger) => {
      sent += 1;
      if (!isFound) await sleep(20 / sent);
      isFound = true;
      arrived.push((command as unknown as { description: string }).description);
      await sleep(5);
      return { kind: 'accepted', answer: '{}' };
    };
    const poster = new LinePoster({ execute } as never, {} as ApiLog, request, {} as SealedMetadata);
    const lines = Array.from({ length: 8 }, (_, at) => at + 1);
    const answers = await Promise.all(lines.map((number) => poster.post(line(number))));
    expect(answers).toEqual(lines.map(() => '{}'));
    expect(arrived).toEqual(lines.map(String));
  });
});
