export * from './shape';
export * from './common';
