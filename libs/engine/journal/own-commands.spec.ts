import { ownKeyMark, sentKey } from './own-commands';
import { systemActor } from './actors';

describe('the key that a client sent', () => {
  it.each([
    ['as it is', 'order-1001', 'key_1', 'order-1001'],
    ['of a part of its request', `jan${ownKeyMark}@100`, 'key_1', 'jan'],
    ['none', undefined, 'key_1', null],
    ['none: it is one of ours', `${ownKeyMark}sandbox-api-key`, 'key_1', null],
    ['none: it is one of an import', '§import-9f', 'key_1', null],
    ['none: nobody asked', 'import-1', systemActor, null],
  ])('is read from that of the event: %s', (_what, key, actor, expected) => {
    expect(sentKey(key, actor)).toBe(expected);
  });
});
