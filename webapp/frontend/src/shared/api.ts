/**
 * The one place that calls the server from scripts. Adds the CSRF token and reads problem documents.
 */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: { path: string; message: string }[] = [],
  ) {
    super(detail || title);
  }
}

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
}

export async function getJSON<T>(url: string): Promise<T> {
  return read<T>(await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin' }));
}

export async function sendJSON<T>(method: 'POST' | 'PUT' | 'DELETE', url: string, body: unknown): Promise<T> {
  const headers = {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'X-CSRFToken': csrfToken(),
  };
  return read<T>(
    await fetch(url, { method, headers, body: JSON.stringify(body), credentials: 'same-origin' }),
  );
}

export async function sendForm<T>(url: string, form: FormData): Promise<T> {
  const headers = { Accept: 'application/json', 'X-CSRFToken': csrfToken() };
  return read<T>(await fetch(url, { method: 'POST', headers, body: form, credentials: 'same-origin' }));
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  const body = text && /json/.test(response.headers.get('Content-Type') ?? '') ? JSON.parse(text) : null;
  if (response.ok) return body as T;
  throw new ProblemError(response.status, body?.title ?? '', body?.detail ?? '', body?.errors ?? []);
}
