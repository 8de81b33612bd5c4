/** What the server tells the modeler, and the parts of bpmn-js it relies on. */
import type { DiagramElement, Moddle } from '../diagram/types';

export interface Named {
  key: string;
  title: string;
}

export interface ParameterContract {
  name: string;
  title: string;
  kind: string;
  required: boolean;
  choices: string[];
}

export interface TopicContract extends Named {
  parameters: ParameterContract[];
  result?: { name: string; title: string }[];
}

/** What the fields of the properties panel offer. */
export interface Catalogue {
  roles: Named[];
  handlers: TopicContract[];
  listeners: TopicContract[];
  processes: Named[];
}

/** One definition as it is edited: every file by its name in the process folder. */
export interface EditorDocument {
  key: string;
  files: Record<string, string>;
  catalogue: Catalogue;
  draft: DraftState | null;
  editable: boolean;
}

export interface DraftState {
  id: string;
  revision: number;
  status: string;
  saved_at: string;
  save_url: string;
  submit_url: string;
  page_url: string;
}

export interface ProblemReport {
  problems: Problem[];
  not_cross_checked: string[];
  soundness: string;
  second_opinion: string;
  deployable: boolean;
}

export interface Problem {
  element_id: string | null;
  rule: string;
  severity: 'error' | 'warning';
  message: string;
  cure: string;
}

export interface ModelElement extends DiagramElement {
  source?: ModelElement;
  target?: ModelElement;
  businessObject: ModelModdle;
}

export interface ModelModdle extends Moddle {
  $parent?: ModelModdle;
  [property: string]: unknown;
}

export interface Command {
  cmd: string;
  context: object;
}

export interface CommandStack {
  execute(command: string, context: object): void;
  undo(): void;
  redo(): void;
  canUndo(): boolean;
  canRedo(): boolean;
}

export interface BpmnFactory {
  create(type: string, properties?: object): ModelModdle;
}

export interface EventBus {
  on(event: string | string[], listener: (event: never) => void): void;
  on(event: string | string[], priority: number, listener: (event: never) => void): void;
  fire(event: string, payload?: object): void;
}
