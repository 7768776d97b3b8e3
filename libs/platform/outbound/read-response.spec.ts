import { readResponse } from './read-response';

async function* pages(sizes: readonly number[], read: { chunks: number; isEnded: boolean }) {
  try {
    for (const size of sizes) {
      read.chunks += 1;
      yield Buffer.alloc(size, 'a');
    }
  } finally {
    read.isEnded = true;
  }
}
const respond = async (sizes: readonly number[], isKept: boolean, headers = {}) => {
  const read = { chunks: 0, isEnded: false };
  const answer = await readResponse({ statusCode: 200, headers, body: pages(sizes, read) }, isKept);
  return { answer, read };
};

describe('an answer', () => {
  it('is kept up to its first kilobyte, and read so that the connection can be used again', async () => {
    const { answer, read } = await respond([1_000, 1_000, 60_000], true);
    expect(answer.response).toEqual(Buffer.alloc(1_024, 'a'));
    expect(read).toEqual({ chunks: 3, isEnded: true });
  });

  it('is ended when it is longer than is read', async () => {
    const endless = Array.from({ length: 1_000 }, () => 16_384);
    const { answer, read } = await respond(endless, true);
    expect(answer.response).toHaveLength(1_024);
    expect(read).toEqual({ chunks: 5, isEnded: true });
  });

  it('from an opened range is read and not kept', async () => {
    const { answer, read } = await respond([10, 10], false);
    expect(answer).toEqual({ status: 200, retryAfter: undefined, response: null });
    expect(read.chunks).toBe(2);
  });

  it('may say when to try again', async () => {
    expect((await respond([], true, { 'retry-after': '120' })).answer.retryAfter).toBe('120');
    expect((await respond([], true, { 'retry-after': ['1', '2'] })).answer.retryAfter).toBe('1');
  });
});
