/** The parts of bpmn-js and of our JSON that the diagram feature relies on; the libraries ship partial types. */

/** The first four tell the path of an instance, the last two the difference between two versions. */
export type ElementState = 'done' | 'active' | 'failed' | 'cancelled' | 'added' | 'changed';

export interface ElementTrail {
  state: ElementState;
  visits: number;
  duration_text: string;
}

/** What `data-url` answers. */
export interface DiagramDocument {
  bpmn_xml: string;
  elements: Record<string, ElementTrail>;
  flows: Record<string, number>;
}

export interface Moddle {
  $type: string;
  id?: string;
  name?: string;
  bpmnElement?: Moddle;
  get(property: string): unknown;
  set(property: string, value: unknown): void;
  $instanceOf(type: string): boolean;
}

export interface Definitions extends Moddle {
  diagrams?: { plane?: { planeElement?: Moddle[] } }[];
}

export interface DiagramElement {
  id: string;
  type: string;
  width: number;
  height: number;
  x: number;
  y: number;
  waypoints?: { x: number; y: number }[];
  labelTarget?: DiagramElement;
  businessObject: Moddle;
}

export interface Viewbox {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Canvas {
  zoom(level?: number | 'fit-viewport', center?: 'auto'): number;
  viewbox(box?: Viewbox): Viewbox & { inner: Viewbox };
  resized(): void;
  scroll(delta: { dx: number; dy: number }): void;
}

export interface Overlays {
  add(
    element: string,
    overlay: { position: Record<string, number>; html: HTMLElement; scale?: { min: number; max: number } },
  ): string;
}

export interface ElementRegistry {
  get(id: string): DiagramElement | undefined;
  filter(test: (element: DiagramElement) => boolean): DiagramElement[];
}
