/** What goes into a called process and what an element yields: variable = expression, one per line. */
import { ListGroup } from '@bpmn-io/properties-panel';

import { translate } from '../../../shared/translate';
import type { ModelModdle } from '../../types';
import { isA } from '../context';
import type { Context } from '../context';
import { textLine } from '../panel';
import type { Group, ListItem, TextField } from '../panel';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function field({ element, editing }: Context, mapping: ModelModdle, property: string, id: string): TextField {
  return {
    id,
    label: property === 'variable' ? translate('变量') : translate('表达式'),
    get: () => String(mapping.get(property) ?? ''),
    set: (value) => editing.setNested(element, mapping, { [property]: value }),
    validate: (value) => {
      if (!value) return translate('必填');
      if (property === 'variable' && !NAME.test(value)) return translate('变量名由字母、数字和下划线组成');
      return null;
    },
  };
}

function item(context: Context, mapping: ModelModdle, id: string): ListItem {
  return {
    id,
    label: `${String(mapping.get('variable') ?? '')} = ${String(mapping.get('expression') ?? '')}`,
    autoFocusEntry: `${id}-variable`,
    entries: [
      textLine(field(context, mapping, 'variable', `${id}-variable`)),
      textLine(field(context, mapping, 'expression', `${id}-expression`)),
    ],
    remove: (event) => {
      event.stopPropagation();
      context.editing.removeExtension(context.element, mapping);
    },
  };
}

function group(context: Context, id: string, label: string, type: string): Group {
  const { element, editing } = context;
  return {
    id,
    label,
    component: ListGroup,
    items: editing
      .extensions(element, type)
      .map((mapping, index) => item(context, mapping, `${id}-${index}`)),
    add: (event) => {
      event.stopPropagation();
      editing.addExtension(element, type, { variable: '', expression: '' });
    },
  };
}

export function outputsGroup(context: Context): Group | null {
  if (!isA(context.element, 'bpmn:Activity', 'bpmn:CatchEvent')) return null;
  return group(context, 'zujian-outputs', translate('输出到流程'), 'zujian:Output');
}

export function inputsGroup(context: Context): Group | null {
  if (!isA(context.element, 'bpmn:CallActivity')) return null;
  return group(context, 'zujian-inputs', translate('传给被调用流程'), 'zujian:Input');
}
