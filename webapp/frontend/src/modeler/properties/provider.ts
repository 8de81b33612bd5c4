/** Puts our groups into the properties panel, between those of BPMN itself. */
import type { ElementRegistry } from '../../diagram/types';
import type { Problems } from '../problems/problems';
import type { BpmnFactory, Catalogue, CommandStack, ModelElement } from '../types';
import type { Context } from './context';
import { isA } from './context';
import { Editing } from './editing';
import { callActivityGroup } from './groups/call-activity';
import { conditionGroup } from './groups/condition';
import { correlationGroup, payloadGroup } from './groups/correlation';
import { endEventGroup } from './groups/end-event';
import { generalEntries } from './groups/general';
import { listenersGroup } from './groups/listeners';
import { inputsGroup, outputsGroup } from './groups/mappings';
import { problemsGroup } from './groups/problems';
import { processGroup } from './groups/process';
import { serviceTaskGroup } from './groups/service-task';
import { laneGroup } from './groups/staffing';
import { fourEyesGroup, userTaskGroup } from './groups/user-task';
import type { Group, Option } from './panel';

const AFTER_BPMN = 400;
const OUR_GROUPS = [
  processGroup,
  laneGroup,
  userTaskGroup,
  fourEyesGroup,
  serviceTaskGroup,
  callActivityGroup,
  inputsGroup,
  conditionGroup,
  correlationGroup,
  payloadGroup,
  endEventGroup,
  outputsGroup,
  listenersGroup,
];

export interface EditorFiles {
  formNames(): string[];
}

interface PropertiesPanel {
  registerProvider(priority: number, provider: object): void;
}

export class ZujianPropertiesProvider {
  static $inject = [
    'propertiesPanel',
    'commandStack',
    'bpmnFactory',
    'elementRegistry',
    'catalogue',
    'editorFiles',
    'problems',
  ];
  private readonly editing: Editing;

  constructor(
    panel: PropertiesPanel,
    commandStack: CommandStack,
    bpmnFactory: BpmnFactory,
    private readonly registry: ElementRegistry,
    private readonly catalogue: Catalogue,
    private readonly files: EditorFiles,
    private readonly problems: Problems,
  ) {
    this.editing = new Editing(commandStack, bpmnFactory);
    panel.registerProvider(AFTER_BPMN, this);
  }

  getGroups(element: ModelElement): (groups: Group[]) => Group[] {
    return (groups) => {
      const context = this.context(element);
      const general = groups.find((group) => group.id === 'general');
      general?.entries?.splice(1, 0, ...generalEntries(context));
      const ours = OUR_GROUPS.map((group) => group(context)).filter(
        (group): group is Group => group !== null,
      );
      const found = problemsGroup(this.problems.of(element.id));
      const position = general ? groups.indexOf(general) + 1 : 0;
      return [...(found ? [found] : []), ...groups.slice(0, position), ...ours, ...groups.slice(position)];
    };
  }

  private context(element: ModelElement): Context {
    return {
      element,
      editing: this.editing,
      catalogue: this.catalogue,
      forms: () => this.files.formNames(),
      actedElements: () => this.actedElements(element),
    };
  }

  private actedElements(except: ModelElement): Option[] {
    return this.registry
      .filter((element) => {
        const candidate = element as ModelElement;
        return !candidate.labelTarget && candidate !== except && isActed(candidate);
      })
      .map(({ id, businessObject }) => ({ value: id, label: businessObject.name || id }));
  }
}

function isActed(element: ModelElement): boolean {
  if (isA(element, 'bpmn:UserTask')) return true;
  if (!isA(element, 'bpmn:StartEvent')) return false;
  return !((element.businessObject.get('eventDefinitions') as unknown[] | undefined) ?? []).length;
}
