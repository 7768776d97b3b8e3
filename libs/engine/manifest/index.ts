export type { AnyDomain } from './any-domain';
export type { CommandPolicy } from './command-policy';
export type { EffectResources, ModuleManifest, ModuleStreams, SharedStreams } from './module-manifest';
export { Modules } from './modules';
