export * from './canonical-json';
export * from './duplicate-name';
export * from './envelope';
export * from './event-text';
export * from './json-texts';
export * from './metadata-text';
export * from './recorded-time';
export * from './stored-hash';
