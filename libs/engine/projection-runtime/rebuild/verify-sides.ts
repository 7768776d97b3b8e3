import type { Database, Sql } from '@fintech-ledger/postgres';
import { createHash } from 'node:crypto';
import type { ProjectionRelations } from '../projection';
import { sayLacking, selectLacking } from './lacking';
import type { Lacking } from './lacking';
import type { Rebuild, Verification } from './rebuild-rows';
import { otherSide, sidedName } from './sides';
import type { Side } from './sides';

const schemaOf = (side: Side): string => (side === 'a' ? 'read' : 'read_b');

/** Streams that are named as differing. */
const namedMax = 10;

/** A stream that the side which was filled has not as far as the live one, or further. */
interface Apart {
  readonly stream: string;
  readonly is: string | null;
  readonly should: string | null;
}

/** Streams at which the two sides do not stand at the same revision, and how many there are. */
export async function selectApart(
  sql: Sql,
  { projection, side }: Pick<Rebuild, 'projection' | 'side'>,
  limit = namedMax,
): Promise<readonly Apart[]> {
  const { rows } = await sql.query<Apart>(
    `select coalesce(f.stream, l.stream) as stream, f.revision as is, l.revision as should
       from (select stream, revision, hash from read.checkpoints where projection = $1) f
       full join (select stream, revision, hash from read.checkpoints where projection = $2) l on l.stream = f.stream
      where f.revision is distinct from l.revision or f.hash is distinct from l.hash limit $3`,
    [sidedName(projection, side), sidedName(projection, otherSide(side)), limit],
  );
  return rows;
}

/** What was found, and what queries would lose. */
interface Verified {
  readonly verification: Verification;
  readonly lacking: readonly Lacking[];
}

/**
 * Compares the side that was filled with the live one, in one snapshot. Where they are of two versions only the new one
 * is summed, and the live one may be behind it.
 * @returns undefined: they stand at different positions, or streams are halted, and `anyway` is false
 */
export function verifySides(
  db: Database,
  rebuild: Rebuild,
  relations: ProjectionRelations,
  anyway: boolean,
): Promise<Verified | undefined> {
  return db.transaction(
    async (sql) => {
      const isSame = rebuild.version === rebuild.oldVersion;
      const apart = isSame ? await selectApart(sql, rebuild) : [];
      const lacking = await selectLacking(sql, rebuild);
      if (apart.length + lacking.length > 0 && !anyway) return undefined;
      const filled = await contentOf(sql, relations, rebuild.side);
      const live = isSame ? await contentOf(sql, relations, otherSide(rebuild.side)) : undefined;
      const differences = [
        ...apart.map(
          ({ stream, is, should }) => `${stream} stands at ${is ?? 'none'} and not at ${should ?? 'none'}`,
        ),
        ...(live === undefined ? lacking.map(sayLacking) : differencesOf(filled, live)),
      ];
      const verification = {
        rows: filled.rows,
        sums: filled.sums,
        content_hash: filled.hash,
        matches: isSame ? differences.length === 0 : null,
        differences,
      };
      return { verification, lacking };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** Why an operator has to say whether to swap; null: nothing differs that must not. */
export function problemOf({ verification: { matches, differences }, lacking }: Verified): string | null {
  const differs =
    matches === false ? [`The tables differ from the live ones (${differences.join('; ')})`] : [];
  if (lacking.length > 0) differs.push(lackingProblem(lacking));
  return differs.length === 0 ? null : `${differs.join('. ')}: swap or cancel it.`;
}

const lackingStart = 'The new tables lack what the live ones have (';
export const lackingProblem = (lacking: readonly Lacking[]): string =>
  `${lackingStart}${lacking.map(sayLacking).join('; ')})`;

/** Whether it is over when nothing is lacking any more. */
export const isOfLacking = (problem: string): boolean => problem.startsWith(lackingStart);

interface Content {
  readonly rows: Readonly<Record<string, string>>;
  readonly sums: Readonly<Record<string, string>>;
  readonly hashes: Readonly<Record<string, string>>;
  readonly hash: string;
}

async function contentOf(
  sql: Sql,
  { tables, contents = {} }: ProjectionRelations,
  side: Side,
): Promise<Content> {
  const schema = schemaOf(side);
  const rows: Record<string, string> = {};
  const sums: Record<string, string> = {};
  const hashes: Record<string, string> = {};
  for (const table of tables) {
    const says = contentIn(schema, table, contents[table] ?? `select * from ${table}`);
    const { rows: found } = await sql.query<{ count: string; hash: string }>(
      `select count(*) as count,
              coalesce(sum(hashtextextended(r::text, 0)::numeric), 0) || ' ' ||
              coalesce(sum(hashtextextended(r::text, 1)::numeric), 0) as hash
         from (${says}) r`,
    );
    rows[table] = found[0]?.count ?? '0';
    hashes[table] = found[0]?.hash ?? '';
    Object.assign(sums, await sumsOf(sql, schema, table));
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([rows, hashes]))
    .digest('hex');
  return { rows, sums, hashes, hash };
}

/** What a projection says that a table has (`contents`), of the one in this schema. */
export const contentIn = (schema: string, table: string, says: string): string =>
  says.replace(new RegExp(`from ${table}\\b`), `from ${schema}.${table}`);

/** Of the columns of amounts. */
async function sumsOf(sql: Sql, schema: string, table: string): Promise<Record<string, string>> {
  const { rows: columns } = await sql.query<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and atttypid = 'numeric'::regtype
      order by attnum`,
    [`${schema}.${table}`],
  );
  if (columns.length === 0) return {};
  const { rows } = await sql.query<Record<string, string>>(
    `select ${columns.map(({ name }) => `coalesce(sum(${name}), 0) as ${name}`).join(', ')} from ${schema}.${table}`,
  );
  return Object.fromEntries(columns.map(({ name }) => [`${table}.${name}`, rows[0]?.[name] ?? '0']));
}

function differencesOf(filled: Content, live: Content): readonly string[] {
  const told = Object.keys(filled.rows).flatMap((table) => {
    const [is, should] = [filled.rows[table] ?? '0', live.rows[table] ?? '0'];
    if (is !== should) return [`${table} has ${is} rows, and the live one ${should}`];
    return filled.hashes[table] === live.hashes[table] ? [] : [`rows of ${table} differ`];
  });
  const sums = Object.keys(filled.sums).filter((name) => filled.sums[name] !== live.sums[name]);
  return [
    ...told,
    ...sums.map((name) => `${name} sums to ${filled.sums[name]}, and the live one to ${live.sums[name]}`),
  ];
}
