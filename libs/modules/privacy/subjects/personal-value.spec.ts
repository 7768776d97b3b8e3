import {
  erasedValue,
  isPersonal,
  openMetadata,
  openValues,
  sealValue,
  subjectsIn,
  subjectsInPlace,
} from './personal-value';
import type { SubjectKey } from './personal-value';
import { PersonalValues } from './personal-values';
import type { KnownSubject } from './subject-keys';

const jenny: SubjectKey = { id: 'sub_1', key: Buffer.alloc(32, 1) };
const other: SubjectKey = { id: 'sub_2', key: Buffer.alloc(32, 2) };
const keyOf = (subject: string): Buffer | null | undefined =>
  [jenny, other].find(({ id }) => id === subject)?.key;
const email = sealValue(jenny, 'customer.email', 'jenny@example.com');

describe('a sealed value', () => {
  it('names its label and its subject, and nothing of what it says', () => {
    expect(email).toMatch(/^sealed:1:customer\.email:sub_1:[A-Za-z0-9_-]+$/);
    expect(email).not.toMatch(/jenny/i);
    expect(Buffer.from(email.split(':')[4] ?? '', 'base64url').toString('latin1')).not.toContain('jenny');
  });

  it.each(['metadata', 'customer.email'])('begins at no quote that is within a text: %s', (label) => {
    const text = `x"sealed:1:${label}:sub_1:abcd`;
    const json = JSON.stringify({ description: text, [text]: [text, `\\${text}`] });
    expect(openValues(json, keyOf)).toBe(json);
    expect(openValues(json, () => undefined)).toBe(json);
    expect(subjectsIn(json)).toEqual(new Set());
  });

  it('is the same text for the same value of the same subject, and another one otherwise', () => {
    expect(sealValue(jenny, 'customer.email', 'jenny@example.com')).toBe(email);
    expect(sealValue(jenny, 'customer.name', 'jenny@example.com').split(':')[4]).not.toBe(
      email.split(':')[4],
    );
    expect(sealValue(other, 'customer.email', 'jenny@example.com')).not.toBe(email);
  });

  it('opens to the JSON value that was sealed, wherever it stands', () => {
    const address = { line1: '1 "Main" Street', city: 'Springfield', line2: null };
    const sealed = sealValue(jenny, 'customer.address', address);
    const json = JSON.stringify({ a: [{ email }], address: sealed, plain: 'sealed:1:' });
    expect(JSON.parse(openValues(json, keyOf))).toEqual({
      a: [{ email: 'jenny@example.com' }],
      address,
      plain: 'sealed:1:',
    });
    expect(subjectsIn(json)).toEqual(new Set(['sub_1']));
  });

  it('is null where its key is gone', () => {
    for (const gone of [null, undefined])
      expect(JSON.parse(openValues(JSON.stringify({ email }), () => gone))).toEqual({ email: null });
  });

  it('of metadata says whether it was erased, or its key is lost', () => {
    const who = sealValue(jenny, 'metadata', 'Jenny');
    const opened = (text: string, key: Buffer | null | undefined): unknown =>
      JSON.parse([...openMetadata(JSON.stringify({ metadata: { who: text } }), () => key)].join(''));
    const erased = { metadata: { who: { subject: 'sub_1', value: null, erased: true } } };
    const unreadable = { metadata: { who: { subject: 'sub_1', value: null, unreadable: true } } };
    expect(opened(who, null)).toEqual(erased);
    expect(opened(who, undefined)).toEqual(unreadable);
    expect(opened(who, other.key)).toEqual(unreadable);
    for (const key of [jenny.key, null, undefined]) expect(opened(erasedValue('sub_1'), key)).toEqual(erased);
    const imported = 'sealed:1:metadata:sub_1:unreadable';
    for (const key of [jenny.key, undefined]) expect(opened(imported, key)).toEqual(unreadable);
  });

  it('that no key opens is of nobody', () => {
    const metadata = { a: erasedValue('sub_1'), b: 'sealed:1:metadata:sub_2:unreadable', c: email };
    expect(subjectsInPlace(JSON.stringify({ metadata, email }))).toEqual(new Set(['sub_1']));
    expect(subjectsInPlace(JSON.stringify({ metadata }))).toEqual(new Set());
  });

  it.each([
    ['another label', email.replace('customer.email', 'customer.name')],
    ['another subject', email.replace('sub_1', 'sub_2')],
    ['another text', `${email.slice(0, -9)}${email.at(-9) === 'A' ? 'B' : 'A'}${email.slice(-8)}`],
    ['nothing that was sealed', 'sealed:1:customer.email:sub_1:AAAA'],
  ])('stays closed where somebody else put it together: %s', (_what, text) => {
    for (const name of ['email', 'name'])
      expect(JSON.parse(openValues(JSON.stringify({ [name]: text }), keyOf))).toEqual({ [name]: text });
  });

  it('is never the name of a member, which a client may choose', () => {
    for (const name of [email, 'sealed:1:a:sub_9:a']) {
      const json = JSON.stringify({ metadata: { [name]: 'x' } }, null, 1);
      expect(openValues(json, keyOf)).toBe(json);
      expect(openValues(json.replace('":', '" :'), keyOf)).toContain(name);
      expect(subjectsIn(json)).toEqual(new Set());
    }
  });
});

describe('a text of a client that looks like a sealed value', () => {
  const who = sealValue(jenny, 'metadata', 'Jenny');
  const erased = { subject: 'sub_1', value: null, erased: true };
  const gone = (): null => null;
  const both = (json: string, of: typeof keyOf = gone): unknown[] =>
    [openValues(json, of), [...openMetadata(json, of)].join('')].map((text): unknown => JSON.parse(text));

  it.each([who, email, 'sealed:1:metadata:sub_1:AAAA', 'sealed:1:customer.name:sub_9:AAAA'])(
    'stays as it is wherever a client writes texts, with a key and without: %s',
    (text) => {
      const texts = { description: text, reference: text, list: [text, { note: text }], 'a"{[': text };
      const json = { ...texts, metadata: { who }, after: { ...texts, transaction: { description: text } } };
      for (const key of [gone, keyOf])
        for (const opened of both(JSON.stringify(json), key))
          expect(opened).toEqual({
            ...json,
            metadata: { who: key === keyOf ? { subject: 'sub_1', value: 'Jenny' } : erased },
          });
      expect(openValues(JSON.stringify(text), gone)).toBe(JSON.stringify(text));
    },
  );

  it.each([
    ['an event', { transaction: { metadata: { who } } }],
    ['what changed', { metadata: { before: { who: 'x' }, after: { who } } }],
    ['a list', { data: [{ metadata: {} }, { description: '"}]', metadata: { a: '\\"', who } }] }],
  ])('is told from metadata in %s', (_, json) => {
    const text = JSON.stringify(json);
    for (const opened of both(text))
      expect(opened).toEqual(JSON.parse(text.replace(`"${who}"`, JSON.stringify(erased))));
  });

  it('is told from members that are written in two ways, and in several texts one after the other', () => {
    const iban = sealValue(jenny, 'connected_account.account_holder', 'Jenny');
    for (const name of ['account_holder', 'accountHolder'])
      expect(openValues(`{"description":"${iban}"}\n{"${name}":"${iban}"}`, keyOf)).toBe(
        `{"description":"${iban}"}\n{"${name}":"Jenny"}`,
      );
  });
});

describe('a value that is a part of an object', () => {
  const text = sealValue(jenny, 'dispute.evidence.part', 'Signed for by Jenny.');
  const evidence = { files: [{ name: text }], text };
  const elsewhere = { description: text, metadata: { text } };

  it('opens like any other', () => {
    const plain = 'Signed for by Jenny.';
    expect(JSON.parse(openValues(JSON.stringify({ ...elsewhere, evidence }), keyOf))).toEqual({
      ...elsewhere,
      evidence: { files: [{ name: plain }], text: plain },
    });
  });

  it('is null with the object once its key is gone, in what changed, too, and nowhere else', () => {
    const gone = (value: object): unknown => JSON.parse(openValues(JSON.stringify(value), () => undefined));
    expect(gone({ ...elsewhere, evidence, a: 1 })).toEqual({ ...elsewhere, evidence: null, a: 1 });
    const changes = { evidence: { before: { text: 'x', files: [] }, after: evidence } };
    expect(gone({ changes })).toEqual({
      changes: { evidence: { before: { text: 'x', files: [] }, after: null } },
    });
  });
});

describe('opening an answer', () => {
  it('asks for the keys of its subjects once, and for none where nothing is sealed', async () => {
    const asked: string[][] = [];
    const values = new PersonalValues({
      select(_organization, ids) {
        asked.push([...ids]);
        return Promise.resolve(
          new Map<string, KnownSubject>([
            ['sub_1', jenny],
            ['sub_2', { id: 'sub_2', key: null }],
          ]),
        );
      },
    });
    expect(await values.open('org_1', '{"a":"b"}')).toBe('{"a":"b"}');
    expect(isPersonal('{"a":"b"}')).toBe(false);
    expect(asked).toEqual([]);
    const name = sealValue(other, 'customer.name', 'Otto');
    expect(await values.openIn('org_1', { email, other: { email: [email] }, name })).toEqual({
      email: 'jenny@example.com',
      other: { email: ['jenny@example.com'] },
      name: null,
    });
    expect(asked).toEqual([['sub_1', 'sub_2']]);
    expect(await values.open('org_1', JSON.stringify({ email }), jenny)).toBe(
      '{"email":"jenny@example.com"}',
    );
    expect(asked[1]).toEqual([]);
  });

  it('refuses what has to be whole where a key is lost, and takes what was erased, or only looks like a value', async () => {
    const known = new Map<string, KnownSubject>([
      ['sub_1', jenny],
      ['sub_2', { id: 'sub_2', key: null }],
      ['sub_3', { id: 'sub_3', key: undefined }],
    ]);
    const values = new PersonalValues({ select: () => Promise.resolve(known) });
    const of = (id: string) => ({ email: sealValue({ id, key: other.key }, 'customer.email', 'x') });
    const texts = { description: of('sub_3').email };
    expect(await values.openWhole('org_1', [{ email }, of('sub_2'), texts])).toEqual([
      { email: 'jenny@example.com' },
      { email: null },
      texts,
    ]);
    for (const id of ['sub_3', 'sub_4'])
      await expect(values.openWhole('org_1', [{ email }, of(id)])).rejects.toMatchObject({
        ...{ status: 503, code: 'unavailable', message: expect.stringContaining(id) as string },
      });
  });

  describe('of a command', () => {
    const keys = { select: () => Promise.resolve(new Map([['sub_1', jenny]])) };
    const values = new PersonalValues(keys);

    it('opens what a refusal shows, and leaves one alone that shows nothing', async () => {
      const refusal = { code: 'wrong_state', detail: 'Not now.' };
      const refused = { kind: 'refused', refusal: { ...refusal, objects: { person: { email } } } } as const;
      const opened = { ...refusal, objects: { person: { email: 'jenny@example.com' } } };
      expect(await values.openOutcome('org_1', refused)).toEqual({ kind: 'refused', refusal: opened });
      const bare = { kind: 'refused', refusal } as const;
      expect(await values.openOutcome('org_1', bare)).toBe(bare);
    });

    it('shows nothing of somebody who is known to be erased, though their key is there still', async () => {
      const outcome = { kind: 'accepted', answer: JSON.stringify({ email }), revision: 1, replayed: false };
      const open = (subject?: KnownSubject) => values.openOutcome('org_1', outcome as never, subject);
      expect(await open()).toMatchObject({ answer: '{"email":"jenny@example.com"}' });
      expect(await open({ id: 'sub_1', key: null })).toMatchObject({ answer: '{"email":null}' });
    });
  });
});
