export * from './common-shapes';
export * from './event-list';
export * from './event-registry';
export * from './event-type';
export * from './refusal';
export * from './schema';
export { parseTime } from './time';
export { trimEndOf } from './trim-end-of';
