import { BrokenInvariant } from '@fintech-ledger/contract';
import { StreamHeads } from './stream-heads';

it('never saves a head that it has forgotten as that of an empty stream', async () => {
  const heads = new StreamHeads('ledger.events');
  const sql = { query: jest.fn(async () => ({ rows: [] })) };
  heads.set('journal-a', { revision: 3, hash: 'h' });
  heads.forget('journal-a');
  expect(await heads.save(sql as never)).toEqual(new Map());
  heads.set('journal-a', { revision: 3, hash: 'h' });
  (heads as unknown as { readonly known: Map<string, unknown> }).known.delete('journal-a');
  await expect(heads.save(sql as never)).rejects.toThrow(BrokenInvariant);
  expect(sql.query).not.toHaveBeenCalled();
});
