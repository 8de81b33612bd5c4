/** Settings of the whole process: who may start it, and how many instances may be open. */
import { translate } from '../../../shared/translate';
import { isA } from '../context';
import type { Context } from '../context';
import { flag } from '../panel';
import type { Group } from '../panel';

function words(value: string): string[] {
  return value.split(/\s+/).filter(Boolean);
}

export function processGroup({ element, editing, catalogue }: Context): Group | null {
  if (!isA(element, 'bpmn:Process')) return null;
  const starters = () => words(editing.attribute(element, 'zujian:startRoles'));
  const setStarter = (role: string, may: boolean) => {
    const kept = starters().filter((key) => key !== role);
    editing.setAttribute(element, 'zujian:startRoles', (may ? [...kept, role] : kept).join(' '));
  };
  return {
    id: 'zujian-process',
    label: translate('发起'),
    entries: [
      ...catalogue.roles.map((role) =>
        flag({
          id: `zujian-start-${role.key}`,
          label: translate('{role}可以发起', { role: role.title }),
          get: () => starters().includes(role.key),
          set: (may) => setStarter(role.key, may),
        }),
      ),
      flag({
        id: 'zujian-exclusive',
        label: translate('同一业务标识同时只能有一个办件'),
        get: () => editing.attribute(element, 'zujian:exclusive') === 'true',
        set: (value) => editing.setAttribute(element, 'zujian:exclusive', value ? 'true' : ''),
      }),
    ],
  };
}
