/** The modeler page: mounts `data-controller="process-editor"`, and diagrams of versions and drafts. */
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/assets/properties-panel.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import './modeler.css';
import './texts/en';
import '../diagram/texts';

import { register } from '../shared/controllers';
import { translate } from '../shared/translate';
import { EditorPage } from './page';
import { reasonOf } from './session';

register('process-editor', (host) => {
  new EditorPage(host).start().catch((error: unknown) => {
    host.dataset.ready = 'failed';
    const state = host.querySelector<HTMLElement>('[data-role="state"]');
    if (state) {
      state.textContent = translate('图无法打开：{reason}', { reason: reasonOf(error) });
      state.dataset.kind = 'bad';
    }
  });
});
