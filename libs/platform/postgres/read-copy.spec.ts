import * as fc from 'fast-check';
import { EventEmitter } from 'node:events';
import type { Connection } from 'pg';
import { ReadCopy } from './read-copy';

const message = (type: string, content: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
};

/** What a server answers to a COPY, with notices between its rows. */
const answers = fc.record({
  rows: fc.array(fc.tuple(fc.constantFrom('d', 'd', 'd', 'N', 'S'), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 20,
  }),
  cuts: fc.array(fc.nat(400), { maxLength: 60 }),
  isRefused: fc.boolean(),
});

describe('a COPY that is read', () => {
  it('hands over its rows, and all else to the library, however its bytes are cut', () => {
    fc.assert(
      fc.property(answers, ({ rows, cuts, isRefused }) => {
        const socket = new EventEmitter();
        const passed: Buffer[] = [];
        const copied: Buffer[] = [];
        const library = (bytes: Buffer): number => passed.push(Buffer.from(bytes));
        socket.on('data', library);
        const copy = new ReadCopy('copy x to stdout', (bytes, start, end) =>
          copied.push(Buffer.from(bytes.subarray(start, end))),
        );
        copy.submit({ stream: socket, query: () => undefined } as unknown as Connection);
        expect(socket.listeners('data')).not.toContain(library);
        const sent = [
          message('H', Buffer.from([1, 0, 0])),
          ...rows.map(([type, content]) => message(type, content)),
          ...(isRefused
            ? [message('E', Buffer.from('SERROR\0\0'))]
            : [message('c', Buffer.alloc(0)), message('C', Buffer.from('COPY 1\0'))]),
          message('Z', Buffer.from('I')),
        ];
        const bytes = Buffer.concat(sent);
        const ends = [...cuts.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b);
        let from = 0;
        for (const end of ends) {
          if (end > from) socket.emit('data', bytes.subarray(from, end));
          from = end;
        }
        const isRow = (one: Buffer): boolean => one.toString('latin1', 0, 1) === 'd';
        expect(Buffer.concat(copied)).toEqual(
          Buffer.concat(sent.filter(isRow).map((one) => one.subarray(5))),
        );
        expect(Buffer.concat(passed)).toEqual(Buffer.concat(sent.filter((one) => !isRow(one))));
        expect(socket.listeners('data')).toEqual([library]);
      }),
      { numRuns: 300 },
    );
  });

  it('lets the library listen again before it learns that the statement has ended', () => {
    const socket = new EventEmitter();
    const heard: string[] = [];
    const library = (bytes: Buffer): void => {
      heard.push(`${bytes.toString('latin1').slice(-1)} ${socket.listeners('data').includes(library)}`);
    };
    socket.on('data', library);
    new ReadCopy('copy x to stdout', () => undefined).submit({
      stream: socket,
      query: () => undefined,
    } as unknown as Connection);
    socket.emit('data', message('Z', Buffer.from('I')));
    expect(heard.at(-1)).toBe('I true');
  });
});
