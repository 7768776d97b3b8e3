import { credentialsOf } from './credentials-of';

describe('credentialsOf', () => {
  it.each([
    ['postgresql://app:secret@db.internal:5432/ledger', { role: 'app', password: 'secret' }],
    ['postgres://app:a%40b%3Ac@db/ledger', { role: 'app', password: 'a@b:c' }],
    ['postgresql://app:secret@/ledger?host=%2Fvar%2Frun&port=5432', { role: 'app', password: 'secret' }],
    ['postgresql://app@db/ledger', { role: 'app', password: undefined }],
    ['postgresql://db/ledger?user=app@x', undefined],
    ['postgresql:///ledger', undefined],
  ])('reads %s', (url, expected) => {
    expect(credentialsOf(url)).toEqual(expected);
  });
});
