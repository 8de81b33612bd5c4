/** The editor page: toolbar, canvas, properties, forms and problems around one draft. */
import type BpmnModeler from 'bpmn-js/lib/Modeler';

import type { ElementRegistry } from '../diagram/types';
import { getJSON } from '../shared/api';
import { isEnglish, translate } from '../shared/translate';
import { untranslated } from './bpmn-translate';
import { createEditor, fitBesidePalette, openDiagram } from './editor';
import { DefinitionFiles } from './files';
import { FormsTab } from './forms';
import { ProblemList } from './problems/list';
import type { Problems } from './problems/problems';
import { DraftSession, reasonOf } from './session';
import type { CommandStack, EditorDocument, EventBus } from './types';

type Action = () => unknown;

export class EditorPage {
  private editor!: BpmnModeler;
  private files!: DefinitionFiles;
  private session!: DraftSession;
  private list!: ProblemList;

  constructor(private readonly host: HTMLElement) {}

  async start(): Promise<void> {
    const document_ = await getJSON<EditorDocument>(this.host.dataset.url!);
    this.files = new DefinitionFiles(document_.key, document_.files);
    this.editor = createEditor(
      { canvas: this.place('canvas'), panel: this.place('properties') },
      document_.catalogue,
      this.files,
    );
    this.session = new DraftSession(
      document_.key,
      { create: this.host.dataset.createUrl!, check: this.host.dataset.checkUrl! },
      document_.draft,
      (state, kind) => this.showState(state, kind),
    );
    this.list = new ProblemList(
      this.place('problems'),
      (problem) => this.problems.focus(problem.element_id),
      (id) => this.nameOf(id),
    );
    const warnings = await openDiagram(
      this.editor,
      this.place('canvas'),
      document_.files[this.files.diagramName] ?? '',
    );
    this.host.dataset.warnings = String(warnings);
    this.showState(
      warnings
        ? translate('载入时有 {count} 处内容未被识别', { count: warnings })
        : translate('已打开，没有更改'),
      warnings ? 'warn' : 'plain',
    );
    new FormsTab(this.place('forms'), this.files, document_.editable);
    this.bind(document_.editable);
    await this.check();
    this.host.dataset.ready = 'true';
  }

  private get problems(): Problems {
    return this.editor.get('problems') as Problems;
  }

  private get registry(): ElementRegistry {
    return this.editor.get('elementRegistry') as ElementRegistry;
  }

  private nameOf(elementId: string): string {
    const element = this.registry.get(elementId)?.businessObject;
    const english = isEnglish() ? (element?.get('zujian:nameEn') as string | undefined) : undefined;
    return english || element?.name || elementId;
  }

  private get commands(): CommandStack {
    return this.editor.get('commandStack') as CommandStack;
  }

  private place(role: string): HTMLElement {
    return this.host.querySelector<HTMLElement>(`[data-role="${role}"]`)!;
  }

  private showState(text: string, kind: string): void {
    const state = this.place('state');
    state.textContent = text;
    state.dataset.kind = kind;
  }

  private bind(editable: boolean): void {
    const actions: Record<string, Action> = {
      undo: () => this.commands.undo(),
      redo: () => this.commands.redo(),
      fit: () => fitBesidePalette(this.editor, this.place('canvas')),
      check: () => this.check(),
      save: () => this.save(),
      submit: () => this.submit(),
      export: () => this.exportDiagram(),
    };
    for (const button of this.host.querySelectorAll<HTMLButtonElement>('[data-action]')) {
      const act = actions[button.dataset.action ?? ''];
      if (act) button.addEventListener('click', () => void act());
    }
    this.place('import').addEventListener('change', (event) => void this.importDiagram(event));
    (this.editor.get('eventBus') as EventBus).on('commandStack.changed', () => this.onChange());
    this.files.onChange(() => this.onChange());
    addEventListener('beforeunload', (event) => this.session.isDirty && event.preventDefault());
    if (editable) this.saveByKeyboard();
    this.bindTabs();
    this.reflectUndo();
    this.host.dataset.untranslated = '';
    (this.editor.get('eventBus') as EventBus).on('propertiesPanel.updated', () => {
      this.host.dataset.untranslated = [...untranslated].join('|');
    });
  }

  private saveByKeyboard(): void {
    addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
      event.preventDefault();
      void this.save();
    });
  }

  private bindTabs(): void {
    const tabs = [...this.host.querySelectorAll<HTMLElement>('[role="tab"]')];
    for (const tab of tabs) {
      tab.addEventListener('click', () => {
        for (const other of tabs) {
          other.setAttribute('aria-selected', String(other === tab));
          this.place(other.dataset.tab!).hidden = other !== tab;
        }
      });
    }
  }

  private onChange(): void {
    this.session.markChanged();
    this.reflectUndo();
    if (this.place('problems').dataset.checked)
      this.list.say(translate('图已更改，检查结果可能已过时'), 'plain');
  }

  private reflectUndo(): void {
    this.button('undo').disabled = !this.commands.canUndo();
    this.button('redo').disabled = !this.commands.canRedo();
  }

  private button(action: string): HTMLButtonElement {
    return this.host.querySelector<HTMLButtonElement>(`[data-action="${action}"]`)!;
  }

  private async check(): Promise<boolean> {
    this.list.say(translate('正在检查…'), 'plain');
    try {
      const report = await this.session.check(await this.files.all(this.editor));
      this.problems.show(report.problems);
      this.list.show(report);
      return report.deployable;
    } catch (error) {
      this.list.say(translate('检查未能完成：{reason}', { reason: reasonOf(error) }), 'bad');
      return false;
    }
  }

  private async save(): Promise<boolean> {
    const saved = await this.session.save(await this.files.all(this.editor));
    if (saved) await this.check();
    return saved;
  }

  private async submit(): Promise<void> {
    if (this.session.isDirty || !this.session.isStored) {
      if (!(await this.save())) return;
    }
    if (!(await this.check())) return;
    const note = window.prompt(translate('提交给安全管理员发布时的说明（改了什么、为什么）'))?.trim();
    if (!note) return;
    try {
      location.assign(await this.session.submit(note));
    } catch (error) {
      this.showState(translate('提交失败：{reason}', { reason: reasonOf(error) }), 'bad');
    }
  }

  private async exportDiagram(): Promise<void> {
    const { xml } = await this.editor.saveXML({ format: true });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([xml ?? ''], { type: 'application/xml' }));
    link.download = this.files.diagramName;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  private async importDiagram(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    const before = await this.editor.saveXML({ format: true });
    try {
      await openDiagram(this.editor, this.place('canvas'), await file.text());
      this.session.markChanged();
      this.showState(translate('已载入文件“{name}”，请检查并保存', { name: file.name }), 'warn');
      await this.check();
    } catch (error) {
      await openDiagram(this.editor, this.place('canvas'), before.xml ?? '');
      const reason = reasonOf(error);
      this.showState(translate('所选文件不是可读取的 BPMN 图：{reason}', { reason }), 'bad');
    }
    input.value = '';
  }
}
