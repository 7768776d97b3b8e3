import { silentObserver, writerWakes } from './observer';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what wakes those who follow the events', () => {
  it('tells them once of all that was appended in a turn, and hands every append on', async () => {
    const told: string[] = [];
    const wakes = writerWakes(
      { postMessage: (message) => told.push(message) },
      { wake: () => told.push('this thread') },
      { ...silentObserver, appended: (stream) => told.push(stream) },
    );
    for (const stream of ['journal-a', 'journal-b', 'journal-c']) wakes.appended(stream, 1, 1, 1);
    await turn();
    expect(told).toEqual(['journal-a', 'journal-b', 'journal-c', 'wake', 'this thread']);
    await turn();
    wakes.appended('journal-a', 1, 1, 1);
    await turn();
    expect(told.slice(5)).toEqual(['journal-a', 'wake', 'this thread']);
  });
});
