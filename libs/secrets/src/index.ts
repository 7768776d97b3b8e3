export { deriveKey } from './derive-key';
export type { KeyLabel } from './derive-key';
