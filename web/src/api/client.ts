// Every request goes through here: language, session, repeatable writes, and one kind of problem.

import { reactive } from 'vue';
import { Problem, problemFromAnswer } from './problem';

const RETRY_WAITS_MS = [300, 1200];

/** How the line to the server stands; the frame shows it, pages need not. */
export const line = reactive({ offline: false, ended: false });

const identity = { csrf: '', language: 'zh-CN' };

/** Asks who we are again; another tab may have signed in anew, and this one's token with it. */
export const renewal = { ask: async (): Promise<void> => undefined };

export function useIdentity(part: Partial<typeof identity>): void {
  Object.assign(identity, part);
}

export interface Answer<T> {
  body: T;
  etag: string;
  unchanged: boolean;
}

export async function read<T>(path: string, known_etag = ''): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': identity.language };
  if (known_etag) headers['If-None-Match'] = known_etag;
  const response = await send(path, { headers }, RETRY_WAITS_MS);
  const etag = response.headers.get('ETag') ?? '';
  if (response.status === 304) return { body: undefined as T, etag, unchanged: true };
  return { body: (await response.json()) as T, etag, unchanged: false };
}

export interface WriteOptions {
  if_match?: string;
  operation?: string; // the same id for the same wish, so that trying again cannot do it twice
}

export async function write<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options: WriteOptions = {},
): Promise<Answer<T>> {
  const wish = { ...options, operation: options.operation ?? newOperation() };
  const once = (): Promise<Response> => {
    const headers = writeHeaders(wish);
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return send(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) }, RETRY_WAITS_MS);
  };
  const response = await once().catch(async (error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'csrf_token_wrong') throw error;
    await renewal.ask();
    return once();
  });
  const etag = response.headers.get('ETag') ?? '';
  const text = await response.text();
  return { body: (text ? JSON.parse(text) : undefined) as T, etag, unchanged: false };
}

/** Sends a file as it is. XMLHttpRequest because fetch cannot tell how far an upload has come. */
export function upload<T>(
  path: string,
  file: Blob,
  progress: (share: number) => void,
  options: WriteOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    for (const [name, value] of Object.entries(writeHeaders(options))) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onload = () => {
      line.offline = false;
      if (request.status >= 200 && request.status < 300) {
        resolve(JSON.parse(request.responseText) as T);
      } else {
        reject(noted(problemFromAnswer(request.status, request.responseText)));
      }
    };
    request.onerror = () => reject(noted(new Problem('offline')));
    request.send(file);
  });
}

/** Asks for a file that is made on request, and hands it to the browser to keep. */
export async function keepFile(path: string, body: unknown, file_name: string, options: WriteOptions = {}): Promise<void> {
  await keepAnswer(path, JSON.stringify(body), 'application/json', file_name, options);
}

/** Sends a file, and keeps the one that comes back: the same, marked. */
export async function keepMarked(path: string, file: Blob, file_name: string, options: WriteOptions = {}): Promise<void> {
  await keepAnswer(path, file, 'application/octet-stream', file_name, options);
}

async function keepAnswer(path: string, body: BodyInit, type: string, file_name: string, options: WriteOptions): Promise<void> {
  const headers = { ...writeHeaders(options), Accept: '*/*', 'Content-Type': type };
  const response = await send(path, { method: 'POST', headers, body }, RETRY_WAITS_MS);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = file_name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address));
}

/** UUID for one wish of the user; crypto.randomUUID is missing on plain http outside localhost. */
export function newOperation(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function writeHeaders(options: WriteOptions): Record<string, string> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': identity.language,
    'X-CSRF-Token': identity.csrf,
    'Operation-Id': options.operation ?? newOperation(),
  };
  if (options.if_match) headers['If-Match'] = options.if_match;
  return headers;
}

// Waiting and trying again is safe for writes too: the operation id makes a repeat answer the same.
async function send(path: string, init: RequestInit, waits_ms: number[]): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init });
  } catch {
    const [wait_ms, ...rest] = waits_ms;
    if (wait_ms === undefined) throw noted(new Problem('offline'));
    await new Promise((resolve) => setTimeout(resolve, wait_ms));
    return send(path, init, rest);
  }
  line.offline = false;
  if (!response.ok && response.status !== 304) throw noted(problemFromAnswer(response.status, await response.text()));
  return response;
}

function noted(problem: Problem): Problem {
  if (problem.kind === 'offline') line.offline = true;
  if (problem.kind === 'ended') line.ended = true;
  return problem;
}
