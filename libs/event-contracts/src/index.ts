export * from './canonical-json';
export * from './envelope';
export * from './event-id';
export * from './streams';
