/** The files of the definition in the editor: the diagram lives in bpmn-js, the forms live here. */
import type BpmnModeler from 'bpmn-js/lib/Modeler';

export class DefinitionFiles {
  private readonly forms = new Map<string, string>();
  private readonly others = new Map<string, string>();
  private changed: () => void = () => undefined;

  constructor(
    readonly key: string,
    files: Record<string, string>,
  ) {
    for (const [name, content] of Object.entries(files)) {
      if (name.startsWith('forms/')) this.forms.set(name.slice('forms/'.length), content);
      else if (name !== this.diagramName) this.others.set(name, content);
    }
  }

  get diagramName(): string {
    return `${this.key}.bpmn`;
  }

  onChange(listener: () => void): void {
    this.changed = listener;
  }

  formNames(): string[] {
    return [...this.forms.keys()].sort();
  }

  form(name: string): string {
    return this.forms.get(name) ?? '';
  }

  setForm(name: string, content: string): void {
    if (this.forms.get(name) === content) return;
    this.forms.set(name, content);
    this.changed();
  }

  removeForm(name: string): void {
    if (this.forms.delete(name)) this.changed();
  }

  /** Every file with its content, the diagram as it is now. */
  async all(editor: BpmnModeler): Promise<Record<string, string>> {
    const { xml } = await editor.saveXML({ format: true });
    const forms = Object.fromEntries([...this.forms].map(([name, content]) => [`forms/${name}`, content]));
    return { ...Object.fromEntries(this.others), ...forms, [this.diagramName]: xml ?? '' };
  }
}
