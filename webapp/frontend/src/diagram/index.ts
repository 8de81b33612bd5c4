/** The read-only diagram: mounts `data-controller="process-diagram"` with `data-url` (a DiagramDocument). */
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram.css';
import './texts';

import { getJSON } from '../shared/api';
import { register } from '../shared/controllers';
import { translate } from '../shared/translate';
import type { DiagramDocument } from './types';
import { showDiagram } from './viewer';

async function mount(host: HTMLElement): Promise<void> {
  const url = host.dataset.url;
  if (!url) return;
  try {
    await showDiagram(host, await getJSON<DiagramDocument>(url));
    host.dataset.ready = 'true';
  } catch (error) {
    host.dataset.ready = 'failed';
    host.textContent = translate('流程图无法载入，请刷新页面重试。');
    console.error(error);
  }
}

register('process-diagram', (host) => void mount(host));
