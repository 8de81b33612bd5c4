/** Colours of the path taken, written into the diagram interchange before it is drawn.
 *
 * Colouring through DI instead of CSS markers makes bpmn-js draw arrow heads, labels and icons in the same
 * colour, and spares a second drawing of every element.
 */
import type { Definitions, DiagramDocument, ElementState, Moddle } from './types';

interface Colour {
  stroke: string;
  fill: string;
}

const COLOURS: Record<ElementState, Colour> = {
  done: { stroke: '#1f8a4c', fill: '#e9f6ee' },
  active: { stroke: '#b86e00', fill: '#fff3da' },
  failed: { stroke: '#c62828', fill: '#fdeaea' },
  cancelled: { stroke: '#667182', fill: '#eceff3' },
  added: { stroke: '#1f8a4c', fill: '#e9f6ee' },
  changed: { stroke: '#b86e00', fill: '#fff3da' },
};
const NO_FILL = new Set(['bpmn:SequenceFlow', 'bpmn:Association']);

function planeElements(definitions: Definitions): Moddle[] {
  return (definitions.diagrams ?? []).flatMap((diagram) => diagram.plane?.planeElement ?? []);
}

function colour(shape: Moddle, { stroke, fill }: Colour): void {
  shape.set('color:border-color', stroke);
  if (!NO_FILL.has(shape.bpmnElement?.$type ?? '')) shape.set('color:background-color', fill);
}

const COLOUR_PROPERTIES = ['color:border-color', 'color:background-color', 'bioc:stroke', 'bioc:fill'];

/** Colours drawn into the diagram would be taken for states of the path. */
function bleach(shape: Moddle): void {
  for (const property of COLOUR_PROPERTIES) shape.set(property, undefined);
}

/** Colour every element that was reached and every sequence flow that was taken. */
export function paintPath(definitions: Definitions, document: DiagramDocument): void {
  if (!Object.keys(document.elements).length) return;
  for (const shape of planeElements(definitions)) {
    bleach(shape);
    const id = shape.bpmnElement?.id;
    if (!id) continue;
    const trail = document.elements[id];
    if (trail) colour(shape, COLOURS[trail.state]);
    else if (document.flows[id]) colour(shape, COLOURS.done);
  }
}
