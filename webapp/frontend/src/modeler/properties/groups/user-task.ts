/** A user task: who, with which form, until when, and which safeguards apply. */
import { translate } from '../../../shared/translate';
import { attributeField, isA } from '../context';
import type { Context } from '../context';
import { choice, flag, textLine } from '../panel';
import type { ChoiceField, Entry, Group } from '../panel';
import { laneRole, staffingEntries } from './staffing';

const FORM = 'formJsonSchemaFilename';
const DEADLINE = /^(\d+WD|P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?)?$/;

function formField({ element, editing, forms }: Context): ChoiceField {
  const holder = () => editing.extension(element, 'spiffworkflow:Properties');
  const property = () =>
    ((holder()?.get('properties') as ReturnType<typeof editing.create>[]) ?? []).find(
      (candidate) => candidate.get('name') === FORM,
    );
  const add = (value: string) => {
    const added = editing.create('spiffworkflow:Property', { name: FORM, value });
    const present = holder();
    if (present) editing.addTo(element, present, 'properties', added);
    else editing.addExtension(element, 'spiffworkflow:Properties', { properties: [added] });
  };
  return {
    id: 'zujian-form',
    label: translate('表单'),
    help: translate('表单文件在“表单”页签中编辑'),
    get: () => String(property()?.get('value') ?? ''),
    set: (value) => {
      const present = property();
      if (present) editing.setNested(element, present, { value });
      else if (value) add(value);
    },
    options: () => [
      { value: '', label: translate('（请选择）') },
      ...forms().map((name) => ({ value: name, label: name })),
    ],
  };
}

function differsFromEntries(context: Context): Entry[] {
  const { element, editing } = context;
  const chosen = () => editing.attribute(element, 'zujian:differsFrom').split(/\s+/).filter(Boolean);
  return context.actedElements().map(({ value, label }) =>
    flag({
      id: `zujian-differs-${value}`,
      label: translate('不得由“{name}”的办理人办理', { name: label }),
      get: () => chosen().includes(value),
      set: (differs) => {
        const kept = chosen().filter((id) => id !== value);
        editing.setAttribute(element, 'zujian:differsFrom', (differs ? [...kept, value] : kept).join(' '));
      },
    }),
  );
}

export function userTaskGroup(context: Context): Group | null {
  const { element, editing, catalogue } = context;
  if (!isA(element, 'bpmn:UserTask')) return null;
  const inherited = laneRole(element.businessObject);
  const title = catalogue.roles.find((role) => role.key === inherited)?.title ?? inherited;
  const none = inherited ? translate('（随泳道：{role}）', { role: title }) : translate('（请选择）');
  return {
    id: 'zujian-user-task',
    label: translate('办理'),
    entries: [
      ...staffingEntries(context, none),
      choice(formField(context)),
      textLine(
        attributeField(context, 'zujian:deadline', translate('办理期限'), {
          help: translate('5WD 为五个工作日，P7D 为七个自然日；到 80% 时提醒，超期时上报'),
          validate: (value) => (DEADLINE.test(value) ? null : translate('请写成 5WD 或 P7D 这样的形式')),
        }),
      ),
      flag({
        id: 'zujian-withdraw',
        label: translate('发起人可在办理前撤回'),
        get: () => editing.attribute(element, 'zujian:withdraw') === 'true',
        set: (value) => editing.setAttribute(element, 'zujian:withdraw', value ? 'true' : ''),
      }),
      textLine(
        attributeField(context, 'zujian:prefill', translate('预填内容'), {
          help: translate('表达式，其结果（对象）合并到表单的初始内容'),
        }),
      ),
      textLine(
        attributeField(context, 'zujian:standIn', translate('代替的流程'), {
          help: translate('本任务暂代尚未上线的流程时，填写其编号，例如 P03'),
        }),
      ),
    ],
  };
}

export function fourEyesGroup(context: Context): Group | null {
  if (!isA(context.element, 'bpmn:UserTask')) return null;
  const entries = differsFromEntries(context);
  return entries.length ? { id: 'zujian-four-eyes', label: translate('回避'), entries } : null;
}
