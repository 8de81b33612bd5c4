/** English pages show `zujian:nameEn` where an element has one. */
import type { Definitions, Moddle } from './types';

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
