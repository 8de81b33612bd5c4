/** English pages show `zujian:nameEn` where an element has one. */
import type { Definitions, Moddle } from './types';

interface Bounds {
  x: number;
  width: number;
}

const CHILD_LISTS = ['rootElements', 'flowElements', 'artifacts', 'laneSets', 'lanes', 'participants'];

function children(element: Moddle): Moddle[] {
  const lists = CHILD_LISTS.map((name) => element.get(name)).filter(Array.isArray) as Moddle[][];
  const childLaneSet = element.get('childLaneSet') as Moddle | undefined;
  return [...lists.flat(), ...(childLaneSet ? [childLaneSet] : [])];
}

/** Replace the names of all elements by their English ones, before drawing. Never used in the modeler. */
export function useEnglishNames(definitions: Definitions): void {
  const pending: Moddle[] = [definitions];
  for (let element = pending.pop(); element; element = pending.pop()) {
    const english = element.get('zujian:nameEn');
    if (typeof english === 'string' && english) element.name = english;
    pending.push(...children(element));
  }
}

// Averages of the label font at 11 px: enough to keep every word on one line.
const CHARACTER_WIDTH = 6.2;
const LONGEST_LINE = 96;

function widthFor(name: string): number {
  const longestWord = Math.max(...name.split(/\s+/).map((word) => word.length));
  return Math.max(longestWord * CHARACTER_WIDTH, Math.min(name.length * CHARACTER_WIDTH, LONGEST_LINE)) + 4;
}

/** Labels outside of shapes were given room for Chinese, which is narrower; widen them around their middle. */
export function widenLabels(definitions: Definitions): void {
  for (const shape of (definitions.diagrams ?? []).flatMap((diagram) => diagram.plane?.planeElement ?? [])) {
    const bounds = (shape.get('label') as Moddle | undefined)?.get('bounds') as Bounds | undefined;
    const name = shape.bpmnElement?.name;
    if (!bounds || !name) continue;
    const missing = widthFor(name) - bounds.width;
    if (missing <= 0) continue;
    bounds.x -= missing / 2;
    bounds.width += missing;
  }
}
