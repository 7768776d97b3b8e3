export * from './account';
export * from './commands';
export * from './events';
export * from './refusal';
