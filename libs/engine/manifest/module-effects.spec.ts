import { accessModule } from '@fintech-ledger/access';
import type { EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import { ledgerModule } from '@fintech-ledger/ledger';
import { carrierModule } from '../../testing/carrier/carrier-module';
import { postageModule } from '../../testing/postage/postage-module';
import type { EffectResources } from './module-manifest';
import { Modules } from './modules';

const { signal } = new AbortController();
/** What a process has, handed on as it is. */
const resources = { log: 'the log' } as unknown as EffectResources;
const effectOf = (module: string): IntendedEffect => ({
  module,
  kind: 'hand_over',
  key: 'p1',
  attempt: 1,
  data: {},
  stream: 'journal-led_1',
  organizationId: 'org_1',
});
const taken = (parcelId: string) => ({ type: 'RecordCarrier', parcelId, outcome: 'taken' });
const working: EffectRunner = { run: ({ key }) => Promise.resolve(taken(key)) };

describe('the effects of a list of modules', () => {
  it('are done by the module that they are of, which is loaded when there is one', async () => {
    let loads = 0;
    const given: EffectResources[] = [];
    const carrier = (from: EffectResources) => {
      given.push(from);
      loads += 1;
      return loads === 1 ? Promise.reject(new Error('not found')) : Promise.resolve(working);
    };
    const made = new Modules([ledgerModule, accessModule, carrierModule({ carrier })]);
    const effects = made.effects?.(resources);
    expect(loads).toBe(0);
    await expect(effects?.run(effectOf('carrier'), signal)).rejects.toThrow('not found');
    expect(await effects?.run(effectOf('carrier'), signal)).toEqual(taken('p1'));
    expect(await effects?.run(effectOf('carrier'), signal)).toEqual(taken('p1'));
    expect(loads).toBe(2);
    expect(given).toEqual([resources, resources]);
    await expect(effects?.run(effectOf('postage'), signal)).rejects.toThrow('no module postage has effects');
  });

  it('are none where no module has any, and no events intend what nobody does', () => {
    const alone = { ...postageModule, imports: [] };
    expect(new Modules([alone]).effects).toBeUndefined();
    const { effects: _effects, ...silent } = accessModule;
    expect(() => new Modules([ledgerModule, silent])).toThrow('events of the module access intend');
    const { effects: _, ...idle } = carrierModule({ carrier: () => Promise.resolve(working) });
    expect(() => new Modules([ledgerModule, accessModule, idle])).toThrow(
      'events of the module carrier intend',
    );
  });
});
