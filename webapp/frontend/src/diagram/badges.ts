/** Small labels under elements: how long they took and how often they were visited. */
import { translate } from '../shared/translate';
import { STATE_NAMES } from './texts';
import type { DiagramDocument, ElementRegistry, ElementTrail, Overlays } from './types';

// Gateways and events stand too close to each other for labels.
const SMALLEST_ACTIVITY = 60;

function badge(trail: ElementTrail): HTMLElement | null {
  const parts = [trail.duration_text, trail.visits > 1 ? `×${trail.visits}` : ''].filter(Boolean);
  if (!parts.length) return null;
  const element = document.createElement('span');
  element.className = `diagram-badge diagram-badge--${trail.state}`;
  element.textContent = parts.join(' ');
  element.title =
    trail.visits > 1 ? translate('{count} 次', { count: trail.visits }) : translate(STATE_NAMES[trail.state]);
  return element;
}

export function addBadges(overlays: Overlays, registry: ElementRegistry, path: DiagramDocument): void {
  for (const [id, trail] of Object.entries(path.elements)) {
    const element = registry.get(id);
    const label = badge(trail);
    if (!element || !label || element.width < SMALLEST_ACTIVITY) continue;
    overlays.add(id, {
      position: { bottom: -4, left: element.width / 2 },
      html: label,
      scale: { min: 0.72, max: 1 },
    });
  }
}
