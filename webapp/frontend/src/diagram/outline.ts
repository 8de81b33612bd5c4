/** The text alternative of the picture: every named element with its state, in reading order. */
import { translate } from '../shared/translate';
import { STATE_NAMES } from './texts';
import type { DiagramDocument, DiagramElement, ElementRegistry } from './types';

const LEFT_OUT = /Lane|Process|Collaboration|SequenceFlow|Association|TextAnnotation|Group|Label/;

function describe(element: DiagramElement, path: DiagramDocument): string {
  const trail = path.elements[element.id];
  const name = element.businessObject.name || translate('未命名');
  if (!Object.keys(path.elements).length) return name;
  if (!trail) return translate('{name}：{facts}', { name, facts: translate('未到达') });
  const facts = [translate(STATE_NAMES[trail.state]), trail.duration_text];
  if (trail.visits > 1) facts.push(translate('{count} 次', { count: trail.visits }));
  return translate('{name}：{facts}', { name, facts: facts.filter(Boolean).join(translate('，')) });
}

/** Build a closed `details` with one list item per element, left to right. */
export function outline(registry: ElementRegistry, path: DiagramDocument): HTMLDetailsElement {
  const details = document.createElement('details');
  details.className = 'diagram-outline';
  const summary = document.createElement('summary');
  summary.textContent = translate('以列表查看流程元素');
  const list = document.createElement('ol');
  const elements = registry.filter(
    (element) => !element.labelTarget && !element.waypoints && !LEFT_OUT.test(element.type),
  );
  elements.sort((first, second) => first.x - second.x || first.y - second.y);
  for (const element of elements) {
    const item = document.createElement('li');
    item.textContent = describe(element, path);
    item.dataset.state = path.elements[element.id]?.state ?? 'none';
    list.append(item);
  }
  details.append(summary, list);
  return details;
}
