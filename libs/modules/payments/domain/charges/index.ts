export * from './charge-refusals';
export { ownerOf, partyOf } from './charge';
