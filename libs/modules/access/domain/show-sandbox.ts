import type { SandboxFacts } from './facts';
import type { SandboxView } from './views';

/** A sandbox in the API's shape. */
export function sandboxView({ id, name, createdAt }: SandboxFacts): SandboxView {
  return { id, object: 'sandbox', name, livemode: false, created_at: createdAt };
}
