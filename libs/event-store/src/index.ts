export * from './port';
export * from './limits';
