import { given } from '../../../testing/decider-specification';
import { open } from '../../../testing/ledger/command-builders';
import { metadataOf } from '../../../testing/metadata-of';
import type { LedgerCommand } from './commands';
import type { LedgerEvent } from './events';
import { mergedMetadata } from './metadata';

const address = 'users:1:wallet';
const amend = (metadata: object | null): LedgerCommand =>
  ({ type: 'AmendAccount', address, metadata }) as LedgerCommand;
const withKeys = (count: number) => open(address, 'liability', { metadata: metadataOf(count) });
/** From before there was a limit. */
const fromEarlier = (count: number): LedgerEvent => {
  const [event] = given().when(withKeys(1)).then({ type: 'AccountOpened' }).events;
  const data = event?.data as { readonly account: object };
  return {
    ...event,
    data: { ...data, account: { ...data.account, metadata: metadataOf(count) } },
  } as LedgerEvent;
};

describe('metadata of an account', () => {
  it('grow to 50 keys, and no further', () => {
    given(withKeys(49))
      .when(amend({ new: 'v' }))
      .then({ type: 'AccountAmended' });
    given(withKeys(50))
      .when(amend({ new: 'v' }))
      .thenRefused('metadata_limit', '/metadata');
    given(withKeys(1), amend(metadataOf(49, 1)))
      .when(amend(metadataOf(50, 50)))
      .thenRefused('metadata_limit', '/metadata');
  });

  it('take a key in the place of another one', () => {
    given(withKeys(50))
      .when(amend({ k0: null, new: 'v' }))
      .then({ type: 'AccountAmended' });
    given(withKeys(50))
      .when(amend({ k0: 'changed' }))
      .then({ type: 'AccountAmended' });
  });

  it('that have more keys from earlier may become fewer, and change, but not grow', () => {
    const earlier = [fromEarlier(60)];
    given(...earlier)
      .when(amend({ k0: null }))
      .then({ type: 'AccountAmended' });
    given(...earlier)
      .when(amend({ k0: null, k1: null, new: 'v' }))
      .then({ type: 'AccountAmended' });
    given(...earlier)
      .when(amend({ k0: 'changed' }))
      .then({ type: 'AccountAmended' });
    given(...earlier)
      .when(amend({ new: 'v' }))
      .thenRefused('metadata_limit', '/metadata');
    given(...earlier)
      .when({ type: 'AmendAccount', address, maxBalance: '9' })
      .then({ type: 'AccountAmended', data: { account: { maxBalance: '9', metadata: metadataOf(60) } } });
  });

  it('of an imported file may be more on the way: what is no longer there is removed by its second step', () => {
    const inFile = { ...amend(metadataOf(40, 40)), isImport: true } as LedgerCommand;
    const [event] = given(withKeys(40)).when(inFile).then({ type: 'AccountAmended' }).events;
    expect(event?.data).toMatchObject({ account: { metadata: metadataOf(80) } });
  });

  it('are all removed by null', () => {
    for (const count of [3, 60]) {
      const [event] = given(fromEarlier(count))
        .when(amend(null))
        .then({ type: 'AccountAmended', data: { version: 2 } }).events;
      expect(event?.data).toMatchObject({ account: { metadata: {} } });
      expect(JSON.stringify(event?.data)).toContain('"metadata":{}');
    }
  });

  it('removed by null where there are none are recorded, for the sake of the idempotency key', () => {
    given(withKeys(0))
      .when(amend(null))
      .then({ type: 'AccountAmended', data: { version: 2 } });
  });
});

describe('merged metadata', () => {
  it('are metadata also where their keys are those of a refusal', () => {
    const refusalLike = { code: 'x', detail: 'y', kind: 'refused', refusal: 'z' };
    expect(mergedMetadata({}, refusalLike)).toEqual({ metadata: refusalLike });
  });

  it('stay as they are without a change', () => {
    expect(mergedMetadata({ a: '1' }, undefined)).toEqual({ metadata: { a: '1' } });
  });
});
