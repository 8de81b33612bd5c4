/** What the platform does in the same transaction when the element completes, such as a change of state. */
import { ListGroup } from '@bpmn-io/properties-panel';

import { translate } from '../../../shared/translate';
import type { ModelModdle } from '../../types';
import { isA, options } from '../context';
import type { Context } from '../context';
import { choice, textLine } from '../panel';
import type { Group, ListItem } from '../panel';
import { parameterEntries } from './parameters';

const LISTENER = 'zujian:Listener';

/** The title of the topic, told from others of the same topic by when it is called. */
function label(title: string, listener: ModelModdle): string {
  const when = String(listener.get('when') ?? '');
  return [title || translate('（请选择）'), when].filter(Boolean).join(' · ');
}

function item(context: Context, listener: ModelModdle, index: number): ListItem {
  const { element, editing, catalogue } = context;
  const id = `zujian-listener-${index}`;
  const topic = String(listener.get('topic') ?? '');
  const contract = catalogue.listeners.find((candidate) => candidate.key === topic);
  return {
    id,
    label: label(contract?.title ?? topic, listener),
    autoFocusEntry: `${id}-topic`,
    entries: [
      choice({
        id: `${id}-topic`,
        label: translate('动作'),
        get: () => topic,
        set: (value) => editing.setNested(element, listener, { topic: value, parameters: [] }),
        options: () => options(catalogue.listeners, translate('（请选择）')),
      }),
      textLine({
        id: `${id}-when`,
        label: translate('何时执行'),
        help: translate("表达式，例如 outcome == 'agree'；留空表示总是执行"),
        get: () => String(listener.get('when') ?? ''),
        set: (value) => editing.setNested(element, listener, { when: value || undefined }),
      }),
      ...parameterEntries({
        prefix: id,
        contract,
        present: () => (listener.get('parameters') as ModelModdle[] | undefined) ?? [],
        nameOf: (parameter) => String(parameter.get('name') ?? ''),
        change: (parameter, value) => editing.setNested(element, parameter, { value }),
        remove: (parameter) => editing.removeFrom(element, listener, 'parameters', parameter),
        add: ({ name }, value) =>
          editing.addTo(element, listener, 'parameters', editing.create('zujian:Parameter', { name, value })),
      }),
    ],
    remove: (event) => {
      event.stopPropagation();
      editing.removeExtension(element, listener);
    },
  };
}

export function listenersGroup(context: Context): Group | null {
  const { element, editing } = context;
  if (!isA(element, 'bpmn:Activity', 'bpmn:Event')) return null;
  return {
    id: 'zujian-listeners',
    label: translate('完成时的动作'),
    component: ListGroup,
    items: editing.extensions(element, LISTENER).map((listener, index) => item(context, listener, index)),
    add: (event) => {
      event.stopPropagation();
      editing.addExtension(element, LISTENER, { topic: '' });
    },
  };
}
