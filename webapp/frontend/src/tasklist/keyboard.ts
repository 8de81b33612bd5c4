/** One keystroke for what reviewers do all day. Keys are quiet while somebody types. */

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]')
  );
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.task-row')];
}

function currentIndex(all: HTMLElement[]): number {
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((row) => row.hasAttribute('aria-current'));
}

function move(step: number): void {
  const all = rows();
  const next = all[Math.max(0, Math.min(all.length - 1, currentIndex(all) + step))];
  next?.querySelector<HTMLElement>('a')?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
}

function tick(): void {
  const all = rows();
  const box = all[currentIndex(all)]?.querySelector<HTMLInputElement>('input[type=checkbox]');
  box?.click();
}

function search(): void {
  document.querySelector<HTMLInputElement>('.find input')?.focus();
}

function help(): void {
  document.querySelector<HTMLDialogElement>('#shortcuts')?.showModal();
}

function claim(): void {
  document.querySelector<HTMLFormElement>('#claim-form')?.requestSubmit();
}

const KEYS: Record<string, () => void> = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  c: claim,
  '/': search,
  '?': help,
};

document.addEventListener('keydown', (event) => {
  const form = document.querySelector<HTMLFormElement>('#task-form');
  if (event.ctrlKey || event.metaKey) {
    if (event.key === 'Enter' && form) {
      event.preventDefault();
      document.querySelector<HTMLElement>('.action-bar .primary')?.click();
    } else if (event.key === 's' && form) {
      event.preventDefault();
      form.dispatchEvent(new CustomEvent('zujian:save'));
    }
    return;
  }
  if (event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
