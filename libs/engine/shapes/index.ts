export * from './shape';
export * from './common';
export * from './public-event';
