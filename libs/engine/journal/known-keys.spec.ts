import { codeOf, open, post, send, setUp } from '../../testing/ledger/ledger-writer';

describe('a key of another request', () => {
  it('is refused with the position that it was judged at, while the first is being stored and later', async () => {
    const { writer } = setUp();
    await writer.load();
    await send(writer, open('a'));
    await send(writer, open('b'));
    const [first, other, behind] = await Promise.all([
      send(writer, post('a', 'b', 5), { idempotencyKey: 'k', requestHash: 'h' }),
      send(writer, post('a', 'b', 6), { idempotencyKey: 'k', requestHash: 'i' }),
      send(writer, post('a', 'b', 7)),
    ]);
    expect([first, behind].map(codeOf)).toEqual(['accepted', 'accepted']);
    const refused = { kind: 'refused', refusal: { code: 'idempotency_key_reused' } };
    expect(other).toMatchObject({ ...refused, judgedAt: 2 });
    const later = await send(writer, post('a', 'b', 6), { idempotencyKey: 'k', requestHash: 'i' });
    expect(later).toMatchObject({ ...refused, judgedAt: 3 });
    await writer.close();
  });
});
