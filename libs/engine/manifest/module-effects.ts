import type { EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import type { ModuleManifest } from './module-manifest';

/**
 * Has each effect done by its own module; undefined: no module has any.
 * @throws Error events of a module intend something, and it has nothing to do it with
 */
export function moduleEffects(manifests: readonly ModuleManifest[]): EffectRunner | undefined {
  const runners = new Map<string, () => Promise<EffectRunner>>();
  for (const { name, effects, streams } of manifests) {
    if (effects !== undefined) runners.set(name, loadedOnce(effects));
    else if (streams.some((each) => ('part' in each ? each.part : each.domain).effectsOf !== undefined))
      throw new Error(`events of the module ${name} intend what nobody does: its manifest has no effects`);
  }
  if (runners.size === 0) return undefined;
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
