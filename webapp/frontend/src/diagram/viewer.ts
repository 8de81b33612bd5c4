/** One read-only diagram with its path taken, drawn by bpmn-js. */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { isEnglish, translate } from '../shared/translate';
import { addBadges } from './badges';
import { addControls } from './controls';
import { useEnglishNames, widenLabels } from './english';
import { fit, fitForPrint } from './fit';
import spiffworkflow from './moddle/spiffworkflow.json';
import zujian from './moddle/zujian.json';
import { outline } from './outline';
import { paintPath } from './paint';
import type { Canvas, Definitions, DiagramDocument, ElementRegistry, Overlays } from './types';

const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif';

function newViewer(container: HTMLElement): NavigatedViewer {
  return new NavigatedViewer({
    container,
    moddleExtensions: { spiffworkflow, zujian },
    // The wheel belongs to the page: a reader who scrolls past must not be caught in the diagram.
    zoomScroll: { enabled: false },
    bpmnRenderer: { defaultStrokeColor: '#8a94a3', defaultLabelColor: '#1c2430' },
    textRenderer: {
      defaultStyle: { fontFamily: FONT, fontSize: 12 },
      externalStyle: { fontFamily: FONT, fontSize: 11 },
    },
  } as ConstructorParameters<typeof NavigatedViewer>[0]);
}

/** Draw the document into `host`, which keeps its own size; the list for screen readers follows it. */
export async function showDiagram(host: HTMLElement, path: DiagramDocument): Promise<NavigatedViewer> {
  const viewer = newViewer(host);
  viewer.on('import.parse.complete', (event: { definitions?: Definitions }) => {
    if (!event.definitions) return;
    if (isEnglish()) {
      useEnglishNames(event.definitions);
      widenLabels(event.definitions);
    }
    paintPath(event.definitions, path);
  });
  const { warnings } = await viewer.importXML(path.bpmn_xml);
  host.dataset.warnings = String(warnings.length);

  const canvas = viewer.get('canvas') as Canvas;
  const registry = viewer.get('elementRegistry') as ElementRegistry;
  addBadges(viewer.get('overlays') as Overlays, registry, path);
  const activeId = Object.keys(path.elements).find((id) => path.elements[id]?.state === 'active');
  const focus = activeId ? registry.get(activeId) : undefined;
  const refit = () => fit(canvas, host, focus ? { focus } : {});

  addControls(host, canvas, () => fit(canvas, host));
  new ResizeObserver(refit).observe(host);
  fitForPrint(canvas, host, refit);
  refit();
  host.tabIndex = 0;
  host.setAttribute('role', 'group');
  host.setAttribute('aria-label', translate('流程图。方向键平移，加号和减号缩放，0 适应窗口。'));
  host.after(outline(registry, path));
  return viewer;
}
