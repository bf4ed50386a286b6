// What went wrong with a request, in the one shape that pages show.

export interface FieldProblem {
  field: string; // a JSON pointer such as "/units/0/name"
  code: string;
  detail: string;
  mend?: string;
}

/** `offline` never reached the server; `ended` has no session any more; the rest is the server's own word. */
export type ProblemKind = 'offline' | 'ended' | 'denied' | 'missing' | 'stale' | 'input' | 'server';

export class Problem extends Error {
  kind: ProblemKind;
  status: number;
  code: string;
  detail: string;
  mend: string;
  fields: FieldProblem[];

  constructor(kind: ProblemKind, status = 0, body: Partial<ProblemBody> = {}) {
    super(body.detail ?? body.title ?? kind);
    this.kind = kind;
    this.status = status;
    this.code = body.code ?? kind;
    this.detail = body.detail ?? body.title ?? '';
    this.mend = body.mend ?? '';
    this.fields = body.errors ?? [];
  }

  /** The sentence for one field of a form; fields are named by the last part of their pointer. */
  at(field: string): string {
    const found = this.fields.find((entry) => entry.field === field || entry.field.endsWith(`/${field}`));
    return found ? [found.detail, found.mend].filter(Boolean).join(' ') : '';
  }

  /** What no field of the form has shown. */
  beside(...shown: string[]): string {
    const rest = this.fields.filter((entry) => !shown.some((field) => entry.field.endsWith(`/${field}`)));
    if (this.fields.length > 0 && rest.length === 0) return '';
    if (rest.length > 0) return rest.map((entry) => [entry.detail, entry.mend].filter(Boolean).join(' ')).join(' ');
    return [this.detail, this.mend].filter(Boolean).join(' ');
  }
}

interface ProblemBody {
  title: string;
  status: number;
  code: string;
  detail: string;
  mend: string;
  errors: FieldProblem[];
}

/** Whatever was thrown, as a problem that a page can show. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('server');
}

export function problemFromAnswer(status: number, text: string): Problem {
  let body: Partial<ProblemBody> = {};
  try {
    body = JSON.parse(text) as Partial<ProblemBody>;
  } catch {
    // A proxy's HTML page says nothing a clerk could use: the status alone decides.
  }
  return new Problem(kindFromStatus(status, body.code), status, body);
}

function kindFromStatus(status: number, code?: string): ProblemKind {
  if (status === 401 && code !== 'login_failed' && code !== 'code_needed') return 'ended';
  if (status === 403) return 'denied';
  if (status === 404) return 'missing';
  if (status === 412) return 'stale';
  if (status >= 400 && status < 500) return 'input';
  return 'server';
}
