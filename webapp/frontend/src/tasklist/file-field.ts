/** Uploads a chosen or dropped file at once, so that a draft keeps it. */
import './english';
import { ProblemError, sendForm } from '../shared/api';
import { register } from '../shared/controllers';
import { translate } from '../shared/translate';

interface Stored {
  reference: string;
  name: string;
  size: number;
  url: string;
}

register('file-field', (element) => {
  const input = element.querySelector<HTMLInputElement>('input[type=file]');
  const list = element.querySelector<HTMLElement>('[data-files]');
  const drop = element.querySelector<HTMLElement>('.drop');
  if (!input || !list || !drop) return;
  drop.classList.add('ready');
  const many = element.dataset.multiple === '1';

  const take = async (files: FileList | null) => {
    for (const file of [...(files ?? [])].slice(0, many ? undefined : 1)) {
      const line = addLine(list, many, translate('正在上传 {name}…', { name: file.name }));
      try {
        show(line, await store(element.dataset.url ?? '', file), element.dataset.name ?? '');
        element.dispatchEvent(new Event('change', { bubbles: true }));
      } catch (error) {
        const reason = error instanceof ProblemError ? error.message : String(error);
        line.textContent = translate('{name} 上传失败：{reason}', { name: file.name, reason });
        line.classList.add('field-error');
      }
    }
    input.value = '';
  };
  input.addEventListener('change', (event) => {
    event.stopPropagation();
    void take(input.files);
  });
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
  }
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    void take(event.dataTransfer?.files ?? null);
  });
});

async function store(url: string, file: File): Promise<Stored> {
  const form = new FormData();
  form.set('file', file);
  return sendForm<Stored>(url, form);
}

function addLine(list: HTMLElement, many: boolean, text: string): HTMLElement {
  if (!many) list.replaceChildren();
  const line = document.createElement('li');
  line.textContent = text;
  list.append(line);
  return line;
}

function show(line: HTMLElement, stored: Stored, name: string): void {
  const link = Object.assign(document.createElement('a'), {
    className: 'link',
    href: stored.url,
    textContent: stored.name,
  });
  const size = Object.assign(document.createElement('small'), {
    textContent: `${Math.max(1, Math.round(stored.size / 1024))} KB`,
  });
  const kept = Object.assign(document.createElement('input'), {
    type: 'hidden',
    name,
    value: stored.reference,
  });
  const remove = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'button small quiet',
    textContent: translate('移除'),
  });
  remove.addEventListener('click', () => {
    const field = line.parentElement;
    line.remove();
    field?.dispatchEvent(new Event('change', { bubbles: true }));
  });
  const icon = document.createElement('span');
  line.replaceChildren(icon, link, size, kept, remove);
}
