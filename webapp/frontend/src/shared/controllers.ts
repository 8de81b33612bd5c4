/**
 * Mounts page behaviour on elements that carry `data-controller="name"`.
 *
 * Works for elements that are there at load and for those that htmx brings later;
 * each element is mounted once per name.
 */
export type Controller = (element: HTMLElement) => void;

const registry = new Map<string, Controller>();
const mounted = new WeakMap<HTMLElement, Set<string>>();

export function register(name: string, controller: Controller): void {
  registry.set(name, controller);
  if (document.readyState !== 'loading') mountAll(document);
}

export function mountAll(root: ParentNode): void {
  const elements = [...root.querySelectorAll<HTMLElement>('[data-controller]')];
  if (root instanceof HTMLElement && root.dataset.controller) elements.unshift(root);
  for (const element of elements) {
    for (const name of (element.dataset.controller ?? '').split(/\s+/)) mount(element, name);
  }
}

function mount(element: HTMLElement, name: string): void {
  const controller = registry.get(name);
  const names = mounted.get(element) ?? new Set<string>();
  if (!controller || names.has(name)) return;
  names.add(name);
  mounted.set(element, names);
  controller(element);
}

document.addEventListener('DOMContentLoaded', () => mountAll(document));
document.addEventListener('htmx:load', (event) => mountAll(event.target as HTMLElement));
