/** The result of the last check: markers on the elements, and what each element is told in the panel. */
import type { Canvas, ElementRegistry, Overlays } from '../../diagram/types';
import { translate } from '../../shared/translate';
import type { EventBus, Problem } from '../types';

const OVERLAY = 'zujian-problem';

interface MarkedCanvas extends Canvas {
  addMarker(element: string, marker: string): void;
  removeMarker(element: string, marker: string): void;
  scrollToElement(element: string): void;
  getRootElement(): { id: string };
}

interface TypedOverlays extends Overlays {
  add(
    element: string,
    type: string | { position: Record<string, number>; html: HTMLElement },
    overlay?: { position: Record<string, number>; html: HTMLElement },
  ): string;
  remove(filter: { type: string }): void;
}

interface Selection {
  select(element: unknown): void;
  get(): unknown[];
}

export class Problems {
  static $inject = ['canvas', 'overlays', 'elementRegistry', 'selection', 'eventBus'];
  private found: Problem[] = [];

  constructor(
    private readonly canvas: MarkedCanvas,
    private readonly overlays: TypedOverlays,
    private readonly registry: ElementRegistry,
    private readonly selection: Selection,
    private readonly eventBus: EventBus,
  ) {}

  of(elementId: string): Problem[] {
    return this.found.filter((problem) => problem.element_id === elementId);
  }

  /** Replace the markers by those of a new check. */
  show(problems: Problem[]): void {
    this.clear();
    this.found = problems;
    for (const id of new Set(problems.map((problem) => problem.element_id))) {
      if (id && this.registry.get(id)) this.mark(id, this.of(id));
    }
    this.refreshPanel();
  }

  clear(): void {
    for (const { element_id: id } of this.found) {
      if (!id || !this.registry.get(id)) continue;
      this.canvas.removeMarker(id, 'problem-error');
      this.canvas.removeMarker(id, 'problem-warning');
    }
    this.overlays.remove({ type: OVERLAY });
    this.found = [];
  }

  /** Select the element and bring it into view; false when the diagram has no such element. */
  focus(elementId: string | null): boolean {
    const element = elementId ? this.registry.get(elementId) : undefined;
    if (!element || !elementId) return false;
    this.selection.select(element);
    if (element.id !== this.canvas.getRootElement().id) this.canvas.scrollToElement(elementId);
    return true;
  }

  private mark(id: string, problems: Problem[]): void {
    const severity = problems.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
    if (id === this.canvas.getRootElement().id) return;
    this.canvas.addMarker(id, `problem-${severity}`);
    const badge = document.createElement('button');
    badge.type = 'button';
    badge.className = `problem-badge problem-badge--${severity}`;
    badge.textContent = severity === 'error' ? '✕' : '!';
    badge.title = problems.map((problem) => problem.message).join('\n');
    badge.setAttribute('aria-label', translate('{count} 个问题', { count: problems.length }));
    badge.addEventListener('click', () => this.focus(id));
    this.overlays.add(id, OVERLAY, { position: { top: -11, left: -11 }, html: badge });
  }

  private refreshPanel(): void {
    const [selected] = this.selection.get();
    if (selected) this.eventBus.fire('elements.changed', { elements: [selected] });
  }
}
