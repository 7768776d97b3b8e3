export { accessPart } from './access-part';
export { organizationAnswer } from './answer';
export * from './api-key';
export {
  clockAdvanceItemsMax,
  clockAfter,
  clockCommandRefusals,
  isClockEvent,
  timeOf,
  yearsAfter,
} from './clock';
export * from './commands';
export { accessCommandRefusals, missingOrganization } from './decide';
export * from './events';
export type * from './facts';
export { organizationKey } from './records';
export type { AccessRecord, ClockAdvanceRecord } from './records';
export { accessPublicEvents } from './public-events';
export * from './limits';
export * from './refusals';
export { organizationOfSandbox } from './sandbox-id';
export * from './scopes';
export { secretMark } from './secret-mark';
export { sandboxView } from './show-sandbox';
export * from './views';
