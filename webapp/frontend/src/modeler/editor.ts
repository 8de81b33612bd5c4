/** The bpmn-js modeler with our properties, our problems and both languages. */
import BpmnModeler from 'bpmn-js/lib/Modeler';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from 'bpmn-js-properties-panel';
import MinimapModule from 'diagram-js-minimap';

import { fit } from '../diagram/fit';
import spiffworkflow from '../diagram/moddle/spiffworkflow.json';
import zujian from '../diagram/moddle/zujian.json';
import type { Canvas } from '../diagram/types';
import { translateModule } from './bpmn-translate';
import { mendIcons } from './icons';
import { Problems } from './problems/problems';
import { ZujianPropertiesProvider } from './properties/provider';
import type { EditorFiles } from './properties/provider';
import type { Catalogue } from './types';

const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif';
const PALETTE_WIDTH = 76;
const OPEN_GROUPS = [
  'general',
  'zujian-lane',
  'zujian-user-task',
  'zujian-service',
  'zujian-call',
  'zujian-condition-group',
  'zujian-correlation',
  'zujian-end',
  'zujian-problems',
];

export interface EditorPlaces {
  canvas: HTMLElement;
  panel: HTMLElement;
}

function ourModule(catalogue: Catalogue, files: EditorFiles): object {
  return {
    __init__: ['zujianPropertiesProvider', 'problems'],
    zujianPropertiesProvider: ['type', ZujianPropertiesProvider],
    problems: ['type', Problems],
    catalogue: ['value', catalogue],
    editorFiles: ['value', files],
  };
}

export function createEditor(places: EditorPlaces, catalogue: Catalogue, files: EditorFiles): BpmnModeler {
  mendIcons();
  const options = {
    container: places.canvas,
    propertiesPanel: {
      parent: places.panel,
      layout: { groups: Object.fromEntries(OPEN_GROUPS.map((id) => [id, { open: true }])) },
    },
    moddleExtensions: { spiffworkflow, zujian },
    textRenderer: {
      defaultStyle: { fontFamily: FONT, fontSize: 12 },
      externalStyle: { fontFamily: FONT, fontSize: 11 },
    },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      MinimapModule,
      translateModule,
      ourModule(catalogue, files),
    ],
  };
  return new BpmnModeler(options as ConstructorParameters<typeof BpmnModeler>[0]);
}

/** Show the whole diagram to the right of the palette. */
export function fitBesidePalette(editor: BpmnModeler, host: HTMLElement): void {
  const canvas = editor.get('canvas') as Canvas;
  fit(canvas, host, { left: PALETTE_WIDTH });
}

/** Import a diagram and show all of it; returns how many things the import did not understand. */
export async function openDiagram(editor: BpmnModeler, host: HTMLElement, xml: string): Promise<number> {
  const { warnings } = await editor.importXML(xml);
  fitBesidePalette(editor, host);
  return warnings.length;
}
