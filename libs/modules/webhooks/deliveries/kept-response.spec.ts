import { sealValue } from '@fintech-ledger/privacy';
import type { DeliveryDetails } from './delivery-shape';
import { keptPlain, keptSealed, keptText, openResponses } from './kept-response';

const jenny = { id: 'sub_1', key: Buffer.alloc(32, 1) };
const sealed = sealValue(jenny, 'webhook.response', 'hello Jenny');

/** Shows null for each sealed value, as where all are erased. */
const erased = {
  openIn: <T>(_organizationId: string, value: T): Promise<T> =>
    Promise.resolve(JSON.parse(JSON.stringify(value).replace(/"sealed:1:[^"]*"/g, 'null')) as T),
};

async function shown(...kept: readonly Buffer[]): Promise<readonly (string | null)[]> {
  const attempts = kept.map((bytes, at) => ({ number: at + 1, response: keptText(bytes) }));
  const { attempts: opened } = await openResponses(erased, 'org_1', {
    attempts,
  } as unknown as DeliveryDetails);
  return opened.map(({ response }) => response);
}

describe('a kept response', () => {
  it.each([
    ['an imitation', sealed],
    ['an imitation of the mark, too', `\0${sealed}`],
    ['of somebody who is not known', 'sealed:1:webhook.response:sub_9:AAAA'],
    ['zeros', '\0\0a\0'],
    ['nothing', ''],
  ])('of a receiver is never taken for a sealed one: %s', async (_what, said) => {
    expect(await shown(keptPlain(Buffer.from(said)))).toEqual([said.replaceAll('\0', '\uFFFD')]);
  });

  it('is opened where it was sealed, beside others that were not', async () => {
    const plain = (text: string): Buffer => keptPlain(Buffer.from(text));
    expect(await shown(plain(sealed), keptSealed(sealed), plain('ok'))).toEqual([sealed, null, 'ok']);
  });
});
