import { PinnedConnections } from './pinned-connections';
import type { PinnedTarget } from './outbound-guard';

const pinned = (origin: string, ...addresses: string[]): PinnedTarget => ({
  target: { origin, host: 'hooks.example', isAddress: false, isTls: true, path: '/' },
  addresses,
  isOpened: false,
});
const hooks = pinned('https://hooks.example', '1.1.1.1', '1.0.0.1');

describe('the connections that are kept', () => {
  const connections = new PinnedConnections(20_000);
  afterAll(() => connections.close());

  it('are of one endpoint, one origin and the addresses that were judged', () => {
    const first = connections.of('we_1', hooks);
    expect(connections.of('we_1', pinned('https://hooks.example', '1.0.0.1', '1.1.1.1'))).toBe(first);
    expect(connections.of('we_2', hooks)).not.toBe(first);
    expect(connections.of('we_1', pinned('https://hooks.example:8443', '1.1.1.1', '1.0.0.1'))).not.toBe(
      first,
    );
    expect(connections.of('we_1', pinned('https://hooks.example', '1.1.1.1'))).not.toBe(first);
  });

  it('are those of a thousand endpoints, and those that were used the longest ago are closed', () => {
    const kept = connections.of('kept', hooks);
    const closed = connections.of('closed', hooks);
    for (let n = 0; n < 999; n += 1) {
      connections.of(`other-${n}`, hooks);
      connections.of('kept', hooks);
    }
    expect(connections.of('kept', hooks)).toBe(kept);
    expect(closed.closed).toBe(true);
    expect(connections.of('closed', hooks)).not.toBe(closed);
  });
});
