import type { EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import type { EffectResources, ModuleManifest } from './module-manifest';

/** Makes what does effects in a process, of what that has. */
export type ModuleEffects = (resources: EffectResources) => EffectRunner;

/**
 * Has each effect done by its own module; undefined: no module has any.
 * @throws Error events of a module intend something, and it has nothing to do it with
 */
export function moduleEffects(manifests: readonly ModuleManifest[]): ModuleEffects | undefined {
  const loaders = new Map<string, NonNullable<ModuleManifest['effects']>>();
  for (const { name, effects, streams } of manifests) {
    if (effects !== undefined) loaders.set(name, effects);
    else if (streams.some((each) => ('part' in each ? each.part : each.domain).effectsOf !== undefined))
      throw new Error(`events of the module ${name} intend what nobody does: its manifest has no effects`);
  }
  if (loaders.size === 0) return undefined;
  return (resources) => runnersOf(loaders, resources);
}

function runnersOf(
  loaders: ReadonlyMap<string, NonNullable<ModuleManifest['effects']>>,
  resources: EffectResources,
): EffectRunner {
  const runners = new Map(
    [...loaders].map(([name, load]) => [name, loadedOnce(() => load(resources))] as const),
  );
  return {
    async run(effect: IntendedEffect, signal: AbortSignal): Promise<unknown> {
      const runner = runners.get(effect.module);
      if (runner === undefined) throw new Error(`no module ${effect.module} has effects`);
      return (await runner()).run(effect, signal);
    },
  };
}

/** What could not be loaded is loaded again the next time. */
function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
}
