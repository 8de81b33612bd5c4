/** Keeps a draft while somebody fills in a task: after a pause, on Ctrl+S, and when the page is hidden. */
import './english';
import { csrfToken } from '../shared/api';
import { register } from '../shared/controllers';
import htmx from '../shared/htmx';
import { translate } from '../shared/translate';

const PAUSE_MS = 2000;

register('task-form', (element) => {
  const form = element as HTMLFormElement;
  const url = form.dataset.draftUrl ?? '';
  let timer = 0;
  let changed = false;

  const save = async () => {
    window.clearTimeout(timer);
    changed = false;
    try {
      await htmx.ajax('post', url, { source: form, target: '#draft-state', swap: 'innerHTML' });
    } catch {
      changed = true;
      report(translate('草稿未能保存，请检查网络后重试。'));
    }
  };
  const touched = () => {
    changed = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void save(), PAUSE_MS);
  };

  form.addEventListener('input', touched);
  form.addEventListener('change', touched);
  form.addEventListener('zujian:save', () => void save());
  form.addEventListener('submit', () => {
    window.clearTimeout(timer);
    changed = false;
  });
  window.addEventListener('pagehide', () => {
    // The last words before the page goes away; fetch with keepalive outlives it.
    if (!changed) return;
    const body = new FormData(form);
    void fetch(url, {
      method: 'POST',
      body: withoutUploads(body),
      keepalive: true,
      headers: { 'HX-Request': 'true', 'X-CSRFToken': csrfToken() },
    });
  });
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
});

function report(text: string): void {
  const place = document.querySelector('#draft-state');
  if (place) place.textContent = text;
}

function withoutUploads(data: FormData): FormData {
  for (const [name, value] of [...data.entries()]) {
    if (value instanceof File) data.delete(name);
  }
  return data;
}
