import process from 'node:process';

/** EVENT_STORE_URL: a real EventStoreDB that the event store's contract is tested against. */
export function testEventStoreUrl(): string | undefined {
  return process.env['EVENT_STORE_URL'] === '' ? undefined : process.env['EVENT_STORE_URL'];
}
