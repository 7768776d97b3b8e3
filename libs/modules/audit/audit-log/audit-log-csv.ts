import type { AuditLineView } from './audit-line-shape';

const columns =
  'id,time,actor_type,actor_id,actor_name,action,target_type,target_id,result,code,count,ip,user_agent,request_id,' +
  'correlation_id,changes';

/**
 * The lines of a CSV (RFC 4180), `changes` as JSON.
 * @param isSafe no text is one that a spreadsheet takes for a formula
 */
export async function* auditLogCsv(
  lines: AsyncIterable<AuditLineView>,
  isSafe: boolean,
): AsyncGenerator<string> {
  yield `${columns}\r\n`;
  for await (const line of lines)
    yield `${cellsOf(line)
      .map((text) => cell(text, isSafe))
      .join(',')}\r\n`;
}

export async function* auditLogNdjson(lines: AsyncIterable<AuditLineView>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}

function cellsOf(line: AuditLineView): readonly string[] {
  const { actor, target, changes } = line;
  return [
    ...[
      line.id,
      line.time,
      actor.type,
      actor.id,
      actor.name,
      line.action,
      target?.type,
      target?.id,
      line.result,
    ],
    ...[line.code, String(line.count), line.ip, line.user_agent, line.request_id, line.correlation_id],
    changes === null ? null : JSON.stringify(changes),
  ].map((text) => text ?? '');
}

function cell(text: string, isSafe: boolean): string {
  const shown = isSafe && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
