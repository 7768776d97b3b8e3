export * from './canonical-json';
export * from './envelope';
export * from './event-id';
export * from './metadata-text';
export * from './streams';
