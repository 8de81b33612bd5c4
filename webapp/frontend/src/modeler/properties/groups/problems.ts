/** What the last check said about the selected element, on top of its properties. */
import { h } from '@bpmn-io/properties-panel/preact';

import { translate } from '../../../shared/translate';
import type { Problem } from '../../types';
import type { Entry, Group, PanelComponent } from '../panel';

function ProblemNote({ field }: { field: Problem }): unknown {
  return h(
    'div',
    { class: `panel-problem panel-problem--${field.severity}`, role: 'note' },
    h('strong', null, field.message),
    h('p', null, field.cure),
  );
}

export function problemsGroup(problems: Problem[]): Group | null {
  if (!problems.length) return null;
  const entries: Entry[] = problems.map((problem, index) => ({
    id: `zujian-problem-${index}`,
    component: ProblemNote as PanelComponent,
    field: problem,
  }));
  return { id: 'zujian-problems', label: translate('检查发现的问题'), entries, shouldOpen: true };
}
