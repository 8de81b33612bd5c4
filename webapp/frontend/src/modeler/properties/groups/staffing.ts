/** Who does the work: the role and unit of a lane, or of a user task that differs from its lane. */
import { translate } from '../../../shared/translate';
import type { ModelModdle } from '../../types';
import { attributeField, isA, options } from '../context';
import type { Context } from '../context';
import { choice, textLine } from '../panel';
import type { Entry, Group } from '../panel';

export function staffingEntries(context: Context, none: string): Entry[] {
  return [
    choice({
      ...attributeField(context, 'zujian:role', translate('办理角色')),
      options: () => options(context.catalogue.roles, none),
    }),
    textLine(
      attributeField(context, 'zujian:unit', translate('限定单位'), {
        help: translate('表达式，例如 providerUnitId；留空表示本区域内所有单位'),
      }),
    ),
    textLine(
      attributeField(context, 'zujian:region', translate('办理地区'), {
        help: translate('表达式，得出六位行政区划代码；留空表示办件所在地区'),
      }),
    ),
  ];
}

/** The role of the lane that an element stands in, or ''. */
export function laneRole(element: ModelModdle): string {
  const lane = lanesOf(element).find((candidate) =>
    ((candidate.get('flowNodeRef') as ModelModdle[]) ?? []).includes(element),
  );
  return lane ? String(lane.get('zujian:role') ?? '') : '';
}

function lanesOf(element: ModelModdle): ModelModdle[] {
  for (let owner = element.$parent; owner; owner = owner.$parent) {
    const sets = owner.get('laneSets') as ModelModdle[] | undefined;
    if (sets?.length) return sets.flatMap((set) => (set.get('lanes') as ModelModdle[]) ?? []);
  }
  return [];
}

export function laneGroup(context: Context): Group | null {
  if (!isA(context.element, 'bpmn:Lane')) return null;
  return {
    id: 'zujian-lane',
    label: translate('泳道的办理人'),
    entries: staffingEntries(context, translate('（请选择）')),
  };
}
