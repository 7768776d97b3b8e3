import { checkDocumented } from './documented-answer';

/** `fetch` of a running API, whose answer must be one that schemas/openapi.json has for its operation. */
export async function documentedFetch(url: string, options: RequestInit = {}): Promise<Response> {
  const answer = await fetch(url, options);
  const contentType = answer.headers.get('content-type') ?? '';
  const isJson = /[/+]json\b/.test(contentType);
  const json = (isJson ? await answer.clone().json() : {}) as Record<string, unknown>;
  const { status } = answer;
  const headers = Object.fromEntries(answer.headers);
  checkDocumented(options.method ?? 'GET', new URL(url).pathname, { status, contentType, headers, json });
  return answer;
}
