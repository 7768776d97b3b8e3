import process from 'node:process';

/** EVENTSTORE_URL: a real EventStoreDB that the event store's contract is tested against. */
export function testEventStoreUrl(): string | undefined {
  return process.env['EVENTSTORE_URL'] === '' ? undefined : process.env['EVENTSTORE_URL'];
}
