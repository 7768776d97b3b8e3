import { behindTimesMax, isBehind } from './busy-answers';
import { checkDocumented } from './documented-answer';

/**
 * `fetch` of a running API, whose answer must be one that schemas/openapi.json has for its operation. A query that the
 * read models are behind with is sent again.
 */
export async function documentedFetch(url: string, options: RequestInit = {}): Promise<Response> {
  const { method = 'GET', headers = {} } = options;
  for (let n = 1; ; n += 1) {
    const answer = await fetch(url, options);
    const { status } = answer;
    const contentType = answer.headers.get('content-type') ?? '';
    const isJson = /[/+]json\b/.test(contentType);
    const json = (isJson ? await answer.clone().json() : {}) as Record<string, unknown>;
    const answered = Object.fromEntries(answer.headers);
    checkDocumented(method, new URL(url).pathname, { status, contentType, headers: answered, json });
    const sent = Object.fromEntries(new Headers(headers));
    if (n === behindTimesMax || !isBehind(method, url, sent, { status, code: json['code'] })) return answer;
    await answer.body?.cancel();
  }
}
